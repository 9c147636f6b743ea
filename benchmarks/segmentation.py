#!/usr/bin/env python3
"""Segmentation networks: vbench against PyTorch, in turn, on the same machine.

    python3 benchmarks/segmentation.py [--vbench .build/release/vbench] [--venv FOLDER] [--output TABLE.md] [--quick]

Forward passes of the W-Net (8-16-32 channels, Galdran et al. 2020) on photographs of 512 × 512 pixels, and training
steps of a U-Net (16-32-64-128) at 256 × 256 and of the W-Net: forward, half cross-entropy and half soft Dice of each
net, backward and AdamW, float32, random weights, two threads. Each measurement is a process of its own that takes two
turns to warm up; rounds take the programs in turn, so that a busy spell of the machine hits both. PyTorch runs in both
layouts of memory, of which the faster one counts, with its fused AdamW; forward passes without a tape
(`inference_mode`). Speed is the median over rounds of each round's median. Memory is the most that the process had
resident (VmHWM); of PyTorch's, what was resident when its libraries were imported and nothing else was done is taken
off, of vbench's nothing.

Without --venv, a virtual environment with PyTorch from PyPI is made in .build/torch-venv.
"""

import argparse
import datetime
import json
import math
import os
import pathlib
import platform
import statistics
import sys
import time

from forward import PARITY, PROJECT, THREADS, output_of, peak_memory, processor
from training import in_turn, range_of

LAYOUTS = {"contiguous": "NCHW", "channels-last": "channels last"}
# What is measured: its title, network, side of the images, batch, and whether it is trained.
CASES = [
    ("W-Net, forward, 512 px", "wnet-8.16.32", 512, 1, False),
    ("W-Net, forward, 512 px", "wnet-8.16.32", 512, 4, False),
    ("W-Net, training step, 512 px", "wnet-8.16.32", 512, 2, True),
    ("U-Net, training step, 256 px", "unet-16.32.64.128", 256, 4, True),
]


def pytorch_worker(case, layout, repeat):
    """Runs in the environment's Python: prints what `vbench bench masks` does."""
    import torch

    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    baseline = peak_memory()
    sys.path.insert(0, str(PROJECT / "Tests" / "Fixtures" / "generate"))
    import segmentation_models

    _, name, side, batch, trains = CASES[case]
    kind, widths = name.split("-")
    network = {"unet": segmentation_models.UNet, "wnet": segmentation_models.WNet}[kind]
    model = network(3, 1, [int(width) for width in widths.split(".")])
    images = torch.rand(batch, 3, side, side)
    if layout == "channels-last":
        model = model.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)
    targets = (torch.arange(batch * side * side) % 7 == 0).float().reshape(batch, 1, side, side)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=1e-4, fused=True)

    def loss_of(logits):
        chances = logits.sigmoid()
        dice = 1 - (2 * (chances * targets).sum() + 1) / (chances.sum() + targets.sum() + 1)
        return 0.5 * torch.nn.functional.binary_cross_entropy_with_logits(logits, targets) + 0.5 * dice

    def step():
        logits = model(images)
        loss = sum(loss_of(part) for part in (logits if isinstance(logits, tuple) else (logits,)))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return loss.item()

    def forward():
        with torch.inference_mode():
            model(images)

    model.train(trains)
    seconds, losses = [], []
    for _ in range(2 + repeat):
        start = time.perf_counter()
        if trains:
            losses.append(step())
        else:
            forward()
        seconds.append(time.perf_counter() - start)
    memory = {"peakMemoryBytes": peak_memory(), "baselineBytes": baseline}
    print(json.dumps({"seconds": seconds[2:], "losses": losses} | memory))


def versions():
    """What the environment's Python has, as JSON."""
    import torch

    print(json.dumps({"PyTorch": torch.__version__, "Python": platform.python_version()}))


def measured(command):
    """One process's report; a loss that isn't finite ends the comparison."""
    report = json.loads(output_of(command))
    if not all(math.isfinite(loss) for loss in report["losses"]):
        sys.exit(f"{' '.join(map(str, command))}: losses {report['losses']}")
    return report


def compare(index, python, options):
    """One row: the medians of both programs, their ratio, their memory."""
    title, name, side, batch, trains = CASES[index]
    ours = [options.vbench, "bench", "masks", "--architecture", name, "--size", side, "--batch", batch]
    ours += ["--threads", THREADS, "--repeat", options.repeat] + (["--train"] if trains else [])
    commands = {"vbench": ours}
    for layout in LAYOUTS:
        worker = ["--worker", layout, "--case", index, "--repeat", options.repeat]
        commands[layout] = [python, __file__, *worker]
    reports = {name: [] for name in commands}
    for name in in_turn(list(commands), options.rounds):
        reports[name].append(measured(commands[name]))
    seconds = {name: [statistics.median(made["seconds"]) for made in reports[name]] for name in commands}
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    theirs = min(LAYOUTS, key=medians.get)
    ratios = [b / a for a, b in zip(seconds["vbench"], seconds[theirs])]
    memory = max(made["peakMemoryBytes"] for made in reports["vbench"]) / 1e6
    other = max(made["peakMemoryBytes"] - made["baselineBytes"] for made in reports[theirs]) / 1e6
    libraries = max(made["baselineBytes"] for made in reports[theirs]) / 1e6
    return (
        f"| {title} | {batch} | {1000 * medians['vbench']:.0f} | {1000 * medians[theirs]:.0f} "
        f"| **{medians[theirs] / medians['vbench']:.2f}×** | {range_of(ratios)} "
        f"| {memory:.0f} | {other:.0f} (+ {libraries:.0f}) | {LAYOUTS[theirs]} |"
    )


def heading(python, options):
    found = json.loads(output_of([python, __file__, "--versions"]))
    program = output_of([options.vbench, "--version"]).strip()
    libraries = ", ".join(f"{name} {version}" for name, version in found.items())
    yield "# Segmentation networks: vbench against PyTorch"
    yield ""
    system = f"{platform.system()} {platform.release()}"
    yield f"{processor()}, {os.cpu_count()} processors; {system}; {datetime.date.today()}."
    yield f"vbench {program.removeprefix('vbench ')}; {libraries}."
    rounds = "1 round" if options.rounds == 1 else f"{options.rounds} rounds"
    yield (
        f"float32, random weights, {THREADS} threads each, {rounds} of {options.repeat} repetitions in turn; load of "
        f"the machine before: {os.getloadavg()[0]:.1f}."
    )
    yield ""
    yield (
        "Milliseconds of a pass or step: medians. Ratio above 1: vbench is faster. Memory: the most that the process "
        "had resident; PyTorch's without its libraries, which follow in parentheses."
    )
    yield ""
    yield (
        "| network | batch | vbench, ms | PyTorch, ms | ratio | ratio of each round | vbench, MB | PyTorch, MB "
        "| PyTorch's layout |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"


def tables(python, options):
    yield from heading(python, options)
    for index in range(len(CASES)):
        yield compare(index, python, options)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vbench", default=PROJECT / ".build/release/vbench", help="the program, built in release")
    parser.add_argument("--venv", help="a virtual environment with torch; made without")
    parser.add_argument("--output", type=pathlib.Path, help="also write the table to this file")
    parser.add_argument("--rounds", type=int, help="how often each is measured (default: 5; quick: 1)")
    parser.add_argument("--repeat", type=int, help="repetitions of each process (default: 7; quick: 2)")
    parser.add_argument("--quick", action="store_true", help="one round of two repetitions: is all in order?")
    parser.add_argument("--worker", choices=list(LAYOUTS), help=argparse.SUPPRESS)
    parser.add_argument("--case", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--versions", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 5)
    options.repeat = options.repeat or (2 if options.quick else 7)
    return options


def main():
    options = arguments()
    if options.versions:
        versions()
        return
    if options.worker:
        pytorch_worker(options.case, options.worker, options.repeat)
        return
    if not pathlib.Path(options.vbench).exists():
        sys.exit(f"{options.vbench}: there is no such program; build it with `make build`")
    sys.path.insert(0, str(PARITY))
    import environment

    python = environment.interpreter(options.venv)
    lines = []
    for line in tables(python, options):
        lines.append(line)
        print(line, flush=True)
    if options.output:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
