#!/usr/bin/env python3
"""Training steps: vbench against PyTorch, in turn, on the same machine.

    python3 benchmarks/training.py [--vbench .build/release/vbench] [--venv FOLDER] [--output TABLE.md] [--quick]

One step is a forward pass with a linear classifier of ten classes and cross-entropy, a backward pass and AdamW on all
weights, in float32: ViLReF's image encoders (CLIP's ViT-B/16; its ResNet-50 with the batch's own statistics) and its
text encoder (BERT base, 100 tokens) with random weights, both programs on two threads. Each measurement is a process
of its own that builds the model, takes two steps to warm up and times the next; rounds take the programs in turn, so
that a busy spell of the machine hits both. PyTorch runs its fused attention and its fused AdamW; its ResNet in both
layouts of memory, of which the faster one counts. Speed is the median over rounds of each round's median. Memory is
the most that the process had resident (VmHWM); of PyTorch's, what was resident when its libraries were imported and
nothing else was done is taken off, of vbench's nothing.

The last row is the optimiser alone, against PyTorch's fused AdamW on the same 86 million weights, and against the
speed of memory (McCalpin's triad).

Without --venv, a virtual environment with PyTorch and transformers from PyPI is made in .build/torch-venv.
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

from forward import PARITY, PROJECT, THREADS, TOKENS, output_of, peak_memory, processor

BATCH = 8
CLASSES = 10
OPTIMIZED = 86_000_000
# What is measured: its title, vbench's arguments, and PyTorch's variants of it.
MODELS = {
    "ViT-B/16, 224 px": (["--architecture", "vilref-vit-b16"], ["vit"]),
    "CLIP ResNet-50, 224 px": (["--architecture", "vilref-rn50"], ["rn50", "rn50-channels-last"]),
    "BERT base, 100 tokens": (["--architecture", "vilref-vit-b16", "--texts"], ["bert"]),
}
LAYOUTS = {"rn50": "NCHW", "rn50-channels-last": "channels last"}


def text_features(batch):
    """A module that holds BERT and its projection, and its input."""
    import torch
    import transformers

    class Text(torch.nn.Module):
        def __init__(self):
            super().__init__()
            config = transformers.BertConfig(
                vocab_size=21128, attn_implementation="sdpa", hidden_dropout_prob=0, attention_probs_dropout_prob=0
            )
            self.bert = transformers.BertModel(config, add_pooling_layer=False)
            self.text_projection = torch.nn.Parameter(torch.randn(768, 512) * 768**-0.5)

        def forward(self, ids):
            states = self.bert(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
            return states[:, 0] @ self.text_projection

    return Text(), torch.randint(1, 21128, (batch, TOKENS)), 512


def image_features(variant, batch):
    """An image encoder, its input, and how many features it returns."""
    import torch

    sys.path.insert(0, str(PARITY))
    import networks

    is_transformer = variant == "vit"
    model = networks.VisionTransformer() if is_transformer else networks.ModifiedResNet()
    networks.randomize(model)
    images = torch.randn(batch, 3, 224, 224)
    if variant.endswith("channels-last"):
        model = model.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)
    return model, images, 512 if is_transformer else 1024


def pytorch_worker(variant, batch, repeat):
    """Runs in the environment's Python: prints what `vbench bench train-step` does."""
    import torch
    import transformers  # noqa: F401, so that all variants start with the same libraries

    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    baseline = peak_memory()
    model, inputs, width = text_features(batch) if variant == "bert" else image_features(variant, batch)
    model = torch.nn.Sequential(model, torch.nn.Linear(width, CLASSES)).train()
    classes = torch.arange(batch) % CLASSES
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, weight_decay=0.05, fused=True)
    seconds, losses = [], []
    for _ in range(2 + repeat):
        start = time.perf_counter()
        loss = torch.nn.functional.cross_entropy(model(inputs), classes)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        seconds.append(time.perf_counter() - start)
        losses.append(loss.item())
    memory = {"peakMemoryBytes": peak_memory(), "baselineBytes": baseline}
    print(json.dumps({"seconds": seconds[2:], "losses": losses} | memory))


def optimizer_worker(repeat):
    """PyTorch's fused AdamW on one tensor."""
    import torch

    torch.set_num_threads(THREADS)
    weight = torch.nn.Parameter(torch.full((OPTIMIZED,), 0.5))
    weight.grad = torch.full((OPTIMIZED,), 1.5)
    optimizer = torch.optim.AdamW([weight], lr=1e-4, weight_decay=0.05, fused=True)
    optimizer.step()
    seconds = []
    for _ in range(repeat):
        start = time.perf_counter()
        optimizer.step()
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": seconds}))


def versions():
    """What the environment's Python has, as JSON."""
    import torch
    import transformers

    python = platform.python_version()
    print(json.dumps({"PyTorch": torch.__version__, "transformers": transformers.__version__, "Python": python}))


def measured(command):
    """One process's report; a loss that isn't finite ends the comparison."""
    report = json.loads(output_of(command))
    if not all(math.isfinite(loss) for loss in report["losses"]):
        sys.exit(f"{' '.join(map(str, command))}: losses {report['losses']}")
    return report


def contenders(arguments, variants, python, options):
    sizes = ["--batch", options.batch, "--repeat", options.repeat]
    ours = [options.vbench, "bench", "train-step", *arguments, "--threads", THREADS, *sizes]
    made = {"vbench": ours}
    for variant in variants:
        made[variant] = [python, __file__, "--worker", variant, *sizes]
    return made


def in_turn(names, rounds):
    """The names once per round, every other round in the other order, so that none always follows another."""
    for index in range(rounds):
        yield from names if index % 2 == 0 else reversed(names)


def range_of(ratios):
    return f"{min(ratios):.2f}–{max(ratios):.2f}"


def compare(title, python, options):
    """One row: the medians of both programs, their ratio, their memory; and what vbench's tensors were."""
    commands = contenders(*MODELS[title], python, options)
    reports = {name: [] for name in commands}
    for name in in_turn(list(commands), options.rounds):
        reports[name].append(measured(commands[name]))
    seconds = {name: [statistics.median(made["seconds"]) for made in reports[name]] for name in commands}
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    theirs = min((name for name in commands if name != "vbench"), key=medians.get)
    ratios = [b / a for a, b in zip(seconds["vbench"], seconds[theirs])]
    ours = max(made["peakMemoryBytes"] for made in reports["vbench"]) / 1e6
    other = max(made["peakMemoryBytes"] - made["baselineBytes"] for made in reports[theirs]) / 1e6
    libraries = max(made["baselineBytes"] for made in reports[theirs]) / 1e6
    batch = options.batch
    row = (
        f"| {title} | {batch} | {batch / medians['vbench']:.2f} | {batch / medians[theirs]:.2f} "
        f"| **{medians[theirs] / medians['vbench']:.2f}×** | {range_of(ratios)} "
        f"| {ours:.0f} | {other:.0f} (+ {libraries:.0f}) | {LAYOUTS.get(theirs, '')} |"
    )
    return row, reports["vbench"][-1]["tensorBytes"]


def compare_optimizers(python, options):
    """The optimiser alone: seconds of one step, and the share of the triad's speed."""
    commands = {
        "vbench": [options.vbench, "bench", "optimizer", "--threads", THREADS, "--repeat", options.repeat],
        "PyTorch": [python, __file__, "--worker", "optimizer", "--repeat", options.repeat],
    }
    reports = {name: [] for name in commands}
    for name in in_turn(list(commands), options.rounds):
        reports[name].append(json.loads(output_of(commands[name])))
    ours = [statistics.median(report["adamWSeconds"]) for report in reports["vbench"]]
    theirs = [statistics.median(report["seconds"]) for report in reports["PyTorch"]]
    share = statistics.median(report["ratio"] for report in reports["vbench"])
    speed = statistics.median(report["adamWBytesPerSecond"] for report in reports["vbench"]) / 1e9
    parameters = reports["vbench"][0]["parameters"]
    if parameters != OPTIMIZED:
        sys.exit(f"vbench optimised {parameters} weights, PyTorch {OPTIMIZED}")
    ratios = [b / a for a, b in zip(ours, theirs)]
    yield (
        "| optimiser | weights | vbench, s | PyTorch, s | ratio | ratio of each round "
        "| vbench, GB/s | share of the triad |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    yield (
        f"| AdamW | {parameters:,} | {statistics.median(ours):.4f} | {statistics.median(theirs):.4f} "
        f"| **{statistics.median(theirs) / statistics.median(ours):.2f}×** | {range_of(ratios)} "
        f"| {speed:.1f} | {share:.2f} |"
    )


def memory_rows(splits, options):
    """What vbench's tensors held at the peak, with and without running blocks again in the backward pass."""
    yield "| model | blocks run again | weights | gradients | moments | activations | peak |"
    yield "|---|---|---|---|---|---|---|"
    for title, kept in splits.items():
        arguments = contenders(*MODELS[title], "", options)["vbench"]
        again = measured([*arguments, "--recompute"])["tensorBytes"]
        for name, split in (("no", kept), ("yes", again)):
            parts = [split[key] / 1e6 for key in ("weights", "gradients", "moments", "activations", "peak")]
            yield f"| {title} | {name} | " + " | ".join(f"{part:.0f}" for part in parts) + " |"
        saved = 1 - again["activations"] / kept["activations"]
        yield f"| | | | | | −{saved:.0%} | |"


def heading(python, options):
    found = json.loads(output_of([python, __file__, "--versions"]))
    program = output_of([options.vbench, "--version"]).strip()
    libraries = ", ".join(f"{name} {version}" for name, version in found.items())
    yield "# Training steps: vbench against PyTorch"
    yield ""
    system = f"{platform.system()} {platform.release()}"
    yield f"{processor()}, {os.cpu_count()} processors; {system}; {datetime.date.today()}."
    yield f"vbench {program.removeprefix('vbench ')}; {libraries}."
    rounds = "1 round" if options.rounds == 1 else f"{options.rounds} rounds"
    yield (
        f"float32, random weights, forward + backward + AdamW, {THREADS} threads each, {rounds} of "
        f"{options.repeat} steps in turn; load of the machine before: {os.getloadavg()[0]:.1f}."
    )
    yield ""
    yield (
        "Inputs (images or texts) per second: medians. Ratio above 1: vbench is faster. Memory: the most that the "
        "process had resident; PyTorch's without its libraries, which follow in parentheses."
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
    parser.add_argument("--output", type=pathlib.Path, help="also write the tables to this file")
    parser.add_argument("--rounds", type=int, help="how often each is measured (default: 5; quick: 1)")
    parser.add_argument("--repeat", type=int, help="steps of each process (default: 5; quick: 2)")
    parser.add_argument("--batch", type=int, default=BATCH, help=f"inputs of a step (default: {BATCH})")
    parser.add_argument("--quick", action="store_true", help="one round of two steps: is all in order?")
    parser.add_argument("--skip-optimizer", action="store_true", help="only the models")
    workers = ["vit", "rn50", "rn50-channels-last", "bert", "optimizer"]
    parser.add_argument("--worker", choices=workers, help=argparse.SUPPRESS)
    parser.add_argument("--versions", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 5)
    options.repeat = options.repeat or (2 if options.quick else 5)
    return options


def tables(python, options):
    yield from heading(python, options)
    splits = {}
    for title in MODELS:
        row, splits[title] = compare(title, python, options)
        yield row
    yield ""
    yield "Megabytes that vbench's tensors held at once, at the peak of a warm step:"
    yield ""
    yield from memory_rows(splits, options)
    if not options.skip_optimizer:
        yield ""
        yield from compare_optimizers(python, options)


def main():
    options = arguments()
    if options.versions:
        versions()
        return
    if options.worker == "optimizer":
        optimizer_worker(options.repeat)
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
    for line in tables(python, options):
        lines.append(line)
        print(line, flush=True)
    if options.output:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
