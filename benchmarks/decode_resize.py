#!/usr/bin/env python3
"""Photographs to model inputs: vbench against Pillow, in turn, on the same machine.

    benchmarks/decode_resize.py --data "$VBENCH_DATA/IDRiD" [--images 60] [--repeat 5]

Both read each JPEG, decode it, resize it to 224 × 224 (bicubic), and normalise it to float32. vbench
runs on one thread and on two, Pillow in one process, in rounds: each round measures all three, so that
a busy spell of the machine hits all of them. The ratio of the medians counts.

Without --python, a virtual environment with Pillow and NumPy from PyPI is made under --venv.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

PROJECT = pathlib.Path(__file__).resolve().parents[1]
REQUIREMENTS = ["pillow", "numpy"]
MEAN = (0.48145466, 0.4578275, 0.40821073)
DEVIATION = (0.26862954, 0.26130258, 0.27577711)


def pillow_worker(paths):
    """Runs in the environment's Python: prints the seconds of one pass over the photographs."""
    import numpy as np
    import PIL
    from PIL import Image, features

    mean = np.array(MEAN, np.float32)
    deviation = np.array(DEVIATION, np.float32)
    start = time.perf_counter()
    for path in paths:
        image = Image.open(path).convert("RGB").resize((224, 224), Image.Resampling.BICUBIC)
        values = (np.asarray(image, np.float32) / np.float32(255) - mean) / deviation
        assert values.shape == (224, 224, 3)
    seconds = time.perf_counter() - start
    versions = {"pillow": PIL.__version__, "libjpeg-turbo": features.version("libjpeg_turbo")}
    print(json.dumps({"seconds": [seconds], "images": len(paths), **versions}))


def environment(folder):
    """The Python of a virtual environment that has what Pillow's side needs."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
    return python


def run(command, paths):
    output = subprocess.run([*command, *paths], check=True, capture_output=True, text=True)
    return json.loads(output.stdout)


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("VBENCH_DATA"),
                        help="folder that holds photographs (default: $VBENCH_DATA)")
    parser.add_argument("--images", type=int, default=60, help="how many photographs")
    parser.add_argument("--repeat", type=int, default=5, help="how many rounds")
    parser.add_argument("--vbench", default=PROJECT / ".build/release/vbench",
                        help="the program, built in release")
    parser.add_argument("--python", help="a Python with Pillow and NumPy")
    parser.add_argument("--venv", type=pathlib.Path, default=PROJECT / ".build/benchmark-venv")
    return parser.parse_args()


def main():
    options = arguments()
    if not options.data:
        sys.exit("give --data FOLDER, or set VBENCH_DATA")
    paths = sorted(str(path) for path in pathlib.Path(options.data).rglob("*.jpg"))
    paths = paths[:options.images]
    if not paths:
        sys.exit(f"no .jpg below {options.data}")
    python = options.python or environment(options.venv)
    contenders = {
        "Pillow, 1 process": [python, __file__, "--pillow-worker"],
        "vbench, 1 thread": [options.vbench, "bench", "decode", "--threads", "1", "--repeat", "1"],
        "vbench, 2 threads": [options.vbench, "bench", "decode", "--threads", "2", "--repeat", "1"],
    }
    results = {name: [] for name in contenders}
    details = {}
    for name, command in contenders.items():  # fills the page cache, warms the processor up
        details[name] = run(command, paths)
    for _ in range(options.repeat):
        for name, command in contenders.items():
            results[name] += run(command, paths)["seconds"]
    report(results, details, len(paths))


def report(results, details, images):
    print(f"{images} photographs, {len(next(iter(results.values())))} rounds, {processor()}, "
          f"{os.cpu_count()} processors")
    pillow = details["Pillow, 1 process"]
    print(f"Pillow {pillow['pillow']} with libjpeg-turbo {pillow['libjpeg-turbo']}\n")
    print("| | images/s (median) | fastest | ms per image | against Pillow |")
    print("|---|---|---|---|---|")
    base = statistics.median(results["Pillow, 1 process"])
    for name, seconds in results.items():
        median = statistics.median(seconds)
        print(f"| {name} | {images / median:.1f} | {images / min(seconds):.1f} "
              f"| {1000 * median / images:.1f} | {base / median:.2f}× |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--pillow-worker"]:
        pillow_worker(sys.argv[2:])
    else:
        main()
