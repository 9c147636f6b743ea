#!/usr/bin/env python3
"""Forward passes: vbench against PyTorch, in turn, on the same machine.

    python3 benchmarks/forward.py [--vbench .build/release/vbench] [--venv FOLDER] [--output TABLE.md] [--quick]

ViLReF's image encoders (CLIP's ViT-B/16 and ResNet-50) and its text encoder (BERT base, 100 tokens) with random
weights at batch 1, 8 and 32, both programs on two threads. Each measurement is a process of its own that builds the
model, warms up twice and times repeated passes; rounds take the programs in turn, so that a busy spell of the machine
hits both. PyTorch runs without a tape (`inference_mode`) with its fused attention; its ResNet in both layouts of
memory, of which the faster one counts. Speed is the median over rounds of each round's median; memory is the most
that the process had resident (VmHWM), programs and libraries included.

Without --venv, a virtual environment with PyTorch and transformers from PyPI is made in .build/torch-venv.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

PROJECT = pathlib.Path(__file__).resolve().parents[1]
PARITY = PROJECT / "Tests" / "parity"
THREADS = 2
BATCHES = (1, 8, 32)
TOKENS = 100
# What is measured: its title, vbench's arguments, and PyTorch's variants of it.
MODELS = {
    "ViT-B/16, 224 px": (["--architecture", "vilref-vit-b16"], ["vit"]),
    "CLIP ResNet-50, 224 px": (["--architecture", "vilref-rn50"], ["rn50", "rn50-channels-last"]),
    "BERT base, 100 tokens": (["--architecture", "vilref-vit-b16", "--texts"], ["bert"]),
}


def peak_memory():
    """The most bytes that this process had resident; what its parent had does not count."""
    for line in pathlib.Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return None


def pytorch_worker(variant, batch, repeat):
    """Runs in the environment's Python: prints the seconds of each pass, as `vbench bench forward` does."""
    import torch

    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    if variant == "bert":
        import transformers

        config = transformers.BertConfig(vocab_size=21128, attn_implementation="sdpa")
        model = transformers.BertModel(config, add_pooling_layer=False)
        projection = torch.randn(768, 512)
        ids = torch.randint(1, 21128, (batch, TOKENS))
        mask = torch.ones_like(ids)

        def forward():
            return model(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0] @ projection

    else:
        sys.path.insert(0, str(PARITY))
        import networks

        model = networks.VisionTransformer() if variant == "vit" else networks.ModifiedResNet()
        networks.randomize(model)
        images = torch.randn(batch, 3, 224, 224)
        if variant.endswith("channels-last"):
            model = model.to(memory_format=torch.channels_last)
            images = images.to(memory_format=torch.channels_last)

        def forward():
            return model(images)

    model.eval()
    seconds = []
    with torch.inference_mode():
        forward(), forward()
        for _ in range(repeat):
            start = time.perf_counter()
            forward()
            seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": seconds, "peakMemoryBytes": peak_memory()}))


def versions():
    """What the environment's Python has, as JSON."""
    import torch
    import transformers

    python = platform.python_version()
    print(json.dumps({"PyTorch": torch.__version__, "transformers": transformers.__version__, "Python": python}))


def output_of(command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def measured(command):
    """The median of a process's passes in seconds, and its memory in bytes."""
    report = json.loads(output_of(command))
    return statistics.median(report["seconds"]), report["peakMemoryBytes"]


def contenders(arguments, variants, batch, python, options):
    repeat = options.repeat or max(3, 24 // batch)
    sizes = ["--batch", batch, "--repeat", repeat]
    ours = [options.vbench, "bench", "forward", *arguments, "--threads", THREADS, *sizes]
    made = {"vbench": ours}
    for variant in variants:
        made[variant] = [python, __file__, "--worker", variant, *sizes]
    return made


def compare(title, batch, python, options):
    """One row: the medians of both programs, their ratio, and their memory."""
    commands = contenders(*MODELS[title], batch, python, options)
    seconds, memory = {name: [] for name in commands}, {name: [] for name in commands}
    for round_index in range(options.rounds):
        # Every other round in the other order, so that neither always follows the other.
        names = list(commands) if round_index % 2 == 0 else list(reversed(commands))
        for name in names:
            time_of_pass, bytes_of_process = measured(commands[name])
            seconds[name].append(time_of_pass)
            memory[name].append(bytes_of_process)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    theirs = min((name for name in commands if name != "vbench"), key=medians.get)
    ratios = [b / a for a, b in zip(seconds["vbench"], seconds[theirs])]
    megabytes = {name: max(values) / 1e6 for name, values in memory.items()}
    layout = {"rn50": "NCHW", "rn50-channels-last": "channels last"}.get(theirs, "")
    return (
        f"| {title} | {batch} | {batch / medians['vbench']:.2f} | {batch / medians[theirs]:.2f} "
        f"| **{medians[theirs] / medians['vbench']:.2f}×** | {min(ratios):.2f}–{max(ratios):.2f} "
        f"| {megabytes['vbench']:.0f} | {megabytes[theirs]:.0f} | {layout} |"
    )


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def heading(python, options):
    found = json.loads(output_of([python, __file__, "--versions"]))
    program = output_of([options.vbench, "--version"]).strip()
    libraries = ", ".join(f"{name} {version}" for name, version in found.items())
    yield "# Forward passes: vbench against PyTorch"
    yield ""
    system = f"{platform.system()} {platform.release()}"
    yield f"{processor()}, {os.cpu_count()} processors; {system}; {datetime.date.today()}."
    yield f"vbench {program.removeprefix('vbench ')}; {libraries}."
    yield (
        f"float32, random weights, {THREADS} threads each, {options.rounds} {'round' if options.rounds == 1 else 'rounds'} in turn; "
        f"load of the machine before: {os.getloadavg()[0]:.1f}."
    )
    yield ""
    yield (
        "Inputs (images or texts) per second: medians. Ratio above 1: vbench is faster. Memory: the most that the "
        "process had resident."
    )
    yield ""
    yield (
        "| model | batch | vbench, per second | PyTorch, per second | ratio | ratio of each round "
        "| vbench, MB | PyTorch, MB | PyTorch's layout |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vbench", default=PROJECT / ".build/release/vbench", help="the program, built in release")
    parser.add_argument("--venv", help="a virtual environment with torch and transformers; made without")
    parser.add_argument("--output", type=pathlib.Path, help="also write the table to this file")
    parser.add_argument("--rounds", type=int, help="how often each is measured (default: 7; quick: 1)")
    parser.add_argument("--repeat", type=int, help="passes of each process (default: 24 inputs' worth, at least 3)")
    parser.add_argument("--quick", action="store_true", help="one round, two passes, batch 1 and 8: is all in order?")
    parser.add_argument("--batch", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--worker", choices=["vit", "rn50", "rn50-channels-last", "bert"], help=argparse.SUPPRESS)
    parser.add_argument("--versions", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 7)
    if options.quick:
        options.repeat = options.repeat or 2
    return options


def main():
    options = arguments()
    if options.versions:
        versions()
        return
    if options.worker:
        pytorch_worker(options.worker, options.batch, options.repeat)
        return
    if not pathlib.Path(options.vbench).exists():
        sys.exit(f"{options.vbench}: there is no such program; build it with `make build`")
    sys.path.insert(0, str(PARITY))
    import environment

    python = environment.interpreter(options.venv)
    lines = []

    def show(line):
        lines.append(line)
        print(line, flush=True)

    for line in heading(python, options):
        show(line)
    for title in MODELS:
        for batch in BATCHES[:2] if options.quick else BATCHES:
            show(compare(title, batch, python, options))
    if options.output:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
