"""Makes Tests/Fixtures/Optimizers/training.json, what OptimizersTests/Training compare with.

    pip install torch numpy
    python Tests/Fixtures/generate/optimizers_training.py

PyTorch's optimisers take ten steps in float32 with recorded gradients; groups differ in learning rate and decay, some
gradients are missing in some steps. PyTorch has no LAMB: the class below is its reference. Rates are float64.
"""

import base64
import json
import math
import pathlib
import platform

import numpy
import torch
from torch.optim import lr_scheduler, swa_utils

OUTPUT = pathlib.Path(__file__).resolve().parents[1] / "Optimizers" / "training.json"
SEED = 20261
STEPS = 10
# Name, shape, learning rate's factor, whether decayed, steps without gradient.
PARAMETERS = (
    ("visual.conv1.weight", (7, 3, 5, 2), 0.25, True, ()),
    ("visual.transformer.resblocks.0.attn.in_proj_weight", (19, 31), 0.5, True, ()),
    ("visual.ln_post.weight", (17,), 1.0, False, (4,)),
    ("visual.ln_post.bias", (3,), 1.0, False, (0, 1, 5)),
    ("logit_scale", (), 1.0, False, (9,)),
)
DEVIATIONS = (1.0, 0.3, 2.0, 0.05, 0.7, 1e-3, 0.5, 3.0, 0.2, 0.8)


class LAMB:
    """You et al. 2020, algorithm 2, with corrected moments, phi(x) = x, and no adaptation without decay."""

    def __init__(self, groups, betas, eps, adapts_undecayed):
        self.param_groups, self.betas, self.eps, self.adapts_undecayed = groups, betas, eps, adapts_undecayed
        self.state = {}

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                zeros = {"step": 0, "exp_avg": torch.zeros_like(weight), "exp_avg_sq": torch.zeros_like(weight)}
                state = self.state.setdefault(weight, zeros)
                state["step"] += 1
                beta1, beta2 = self.betas
                state["exp_avg"].mul_(beta1).add_(weight.grad, alpha=1 - beta1)
                state["exp_avg_sq"].mul_(beta2).addcmul_(weight.grad, weight.grad, value=1 - beta2)
                first = state["exp_avg"] / (1 - beta1 ** state["step"])
                second = state["exp_avg_sq"] / (1 - beta2 ** state["step"])
                update = first / (second.sqrt() + self.eps) + group["weight_decay"] * weight
                ratio = 1.0
                if group["weight_decay"] > 0 or self.adapts_undecayed:
                    norms = weight.double().norm().item(), update.double().norm().item()
                    ratio = norms[0] / norms[1] if min(norms) > 0 else 1.0
                weight.sub_(update, alpha=group["lr"] * ratio)


def stored(tensor):
    """An array as the tests read it."""
    values = tensor.detach().numpy().astype("<f4")
    return {"shape": list(values.shape), "float32": base64.b64encode(values.tobytes()).decode("ascii")}


def case(name, arrays, **numbers):
    """A named set of arrays and numbers."""
    return {"name": name, "numbers": numbers, "arrays": {key: stored(value) for key, value in arrays.items()}}


def inputs():
    """First weights and all gradients, the same for each optimiser; the bias begins at 0."""
    arrays = {}
    for name, shape, _, _, _ in PARAMETERS:
        arrays[f"start/{name}"] = torch.zeros(shape) if name.endswith("bias") else torch.randn(shape) * 0.5
    for step, deviation in enumerate(DEVIATIONS):
        for name, shape, _, _, absent in PARAMETERS:
            if step not in absent:
                arrays[f"gradient{step}/{name}"] = torch.randn(shape) * deviation
    return arrays


def cosine(optimizer, base, start, warmup, total, end):
    rise = lr_scheduler.LinearLR(optimizer, start_factor=start, total_iters=warmup)
    fall = lr_scheduler.CosineAnnealingLR(optimizer, T_max=total - warmup, eta_min=end)
    return lr_scheduler.SequentialLR(optimizer, [rise, fall], milestones=[warmup])


def rates(count, base, make):
    """The rates that a scheduler of PyTorch gives to steps 0, 1, ..."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=base)
    scheduler = make(optimizer)
    values = []
    for step in range(count):
        if step > 0:
            optimizer.step()
            scheduler.step()
        values.append(optimizer.param_groups[0]["lr"])
    return values


def schedules():
    settings = {"base": 3e-4, "start": 0.1, "warmup": 7, "total": 41, "end": 2e-6}
    values = rates(41, 3e-4, lambda optimizer: cosine(optimizer, **settings))
    yield "schedule-cosine", settings, values
    settings = {"base": 0.5, "total": 20, "end": 0.01}
    values = rates(21, 0.5, lambda optimizer: lr_scheduler.CosineAnnealingLR(optimizer, 20, 0.01))
    yield "schedule-cosine-without-warm-up", settings, values
    for name, share, divisor, final in (("one-cycle", 0.3, 25.0, 1e4), ("one-cycle-late", 0.45, 10.0, 50.0)):
        settings = {"base": 2e-3, "total": 37, "share": share, "divisor": divisor, "final": final}
        values = rates(
            37,
            2e-3,
            lambda optimizer: lr_scheduler.OneCycleLR(
                optimizer, 2e-3, 37, pct_start=share, div_factor=divisor, final_div_factor=final, cycle_momentum=False
            ),
        )
        yield f"schedule-{name}", settings, values
    settings = {"base": 0.1, "every": 6, "factor": 0.3}
    yield "schedule-step", settings, rates(25, 0.1, lambda optimizer: lr_scheduler.StepLR(optimizer, 6, 0.3))
    settings = {"base": 0.1, "factor": 0.2, "start": 0.05, "warmup": 5, "milestone0": 3, "milestone1": 11}

    def chained(optimizer):
        rise = lr_scheduler.LinearLR(optimizer, start_factor=0.05, total_iters=5)
        return lr_scheduler.ChainedScheduler([rise, lr_scheduler.MultiStepLR(optimizer, [3, 11], 0.2)])

    yield "schedule-milestones", settings, rates(20, 0.1, chained)


def optimizers():
    """Name, settings, and what makes the optimiser."""
    decayed = {"decay": 0.1}
    yield "sgd", {"decay": 0.02}, lambda groups: torch.optim.SGD(groups)
    settings = {"decay": 0.02, "momentum": 0.9}
    yield "sgd-momentum", settings, lambda groups: torch.optim.SGD(groups, momentum=0.9)
    settings = {"decay": 0.02, "momentum": 0.8, "nesterov": 1}
    yield "sgd-nesterov", settings, lambda groups: torch.optim.SGD(groups, momentum=0.8, nesterov=True)
    settings = {"decay": 0.02, "momentum": 0.9, "maximum": 12.0, "scale": 0.25}
    yield "sgd-clipped", settings, lambda groups: torch.optim.SGD(groups, momentum=0.9)
    betas = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    yield "adamw", decayed | betas, lambda groups: torch.optim.AdamW(groups, foreach=False)
    betas = {"beta1": 0.8, "beta2": 0.98, "epsilon": 1e-6}
    make_adamw = lambda groups: torch.optim.AdamW(groups, betas=(0.8, 0.98), eps=1e-6, foreach=False)
    yield "adamw-clipped", decayed | betas | {"maximum": 12.0, "scale": 0.25}, make_adamw
    betas = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-6}
    yield "lamb", decayed | betas, lambda groups: LAMB(groups, (0.9, 0.999), 1e-6, False)
    settings = decayed | betas | {"maximum": 12.0, "scale": 0.25, "adapts": 1}
    yield "lamb-clipped", settings, lambda groups: LAMB(groups, (0.9, 0.999), 1e-6, True)


def run(name, settings, make, start, base):
    """Ten steps; clipped ones with a schedule, others with the same rate always."""
    is_clipped = "maximum" in settings
    schedule = {"base": base, "start": 0.1, "warmup": 3, "total": STEPS, "end": base / 50}
    numbers = dict(settings) | {"base": base}
    values = [base] * STEPS
    if is_clipped:
        values = rates(STEPS, base, lambda optimizer: cosine(optimizer, **schedule))
        numbers |= schedule
    weights = [torch.nn.Parameter(start[f"start/{entry[0]}"].clone()) for entry in PARAMETERS]
    groups = []
    for weight, (_, _, factor, has_decay, _) in zip(weights, PARAMETERS):
        decay = settings["decay"] if has_decay else 0.0
        groups.append({"params": [weight], "lr": base * factor, "weight_decay": decay})
    optimizer = make(groups)
    averages = [weight.detach().clone() for weight in weights]
    average = swa_utils.get_ema_avg_fn(0.75)
    arrays = {}
    for step in range(STEPS):
        for group, (_, _, factor, _, _) in zip(optimizer.param_groups, PARAMETERS):
            group["lr"] = values[step] * factor
        for weight, (entry, _, _, _, absent) in zip(weights, PARAMETERS):
            weight.grad = None if step in absent else start[f"gradient{step}/{entry}"] * settings.get("scale", 1.0)
        if is_clipped:
            norm = torch.nn.utils.clip_grad_norm_(weights, settings["maximum"])
            numbers[f"norm{step}"] = norm.item()
        optimizer.step()
        for index, weight in enumerate(weights):
            averages[index] = average(averages[index], weight.detach(), step)
            if step in (0, STEPS - 1):
                arrays[f"after{step + 1}/{PARAMETERS[index][0]}"] = weight.detach().clone()
    for index, (entry, _, _, _, absent) in enumerate(PARAMETERS):
        state = optimizer.state[weights[index]]
        for kind in ("momentum_buffer", "exp_avg", "exp_avg_sq"):
            if isinstance(state.get(kind), torch.Tensor):
                arrays[f"{kind}/{entry}"] = state[kind]
        if name == "sgd":
            arrays[f"average/{entry}"] = averages[index]
    return case(f"optimizer-{name}", arrays, **numbers)


def main():
    torch.manual_seed(SEED)
    start = inputs()
    numbers = {}
    for index, (_, _, factor, has_decay, _) in enumerate(PARAMETERS):
        numbers |= {f"factor{index}": factor, f"decays{index}": int(has_decay)}
    cases = [case("inputs", start, **numbers)]
    for name, settings, make in optimizers():
        cases.append(run(name, settings, make, start, base=0.05 if name.startswith("sgd") else 2e-2))
    for name, settings, values in schedules():
        assert all(math.isfinite(value) for value in values)
        cases.append(case(name, {}, **settings, **{f"rate{step}": value for step, value in enumerate(values)}))
    manifest = {
        "script": "Tests/Fixtures/generate/optimizers_training.py",
        "python": platform.python_version(),
        "torch": torch.__version__.split("+")[0],
        "numpy": numpy.__version__,
        "seed": SEED,
    }
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in cases)
    OUTPUT.write_text(f'{{"manifest": {json.dumps(manifest)}, "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
