"""Makes Tests/Fixtures/Autograd/losses.json, what LossTests compare with.

    pip install torch numpy
    python Tests/Fixtures/generate/autograd_losses.py

Logits have their classes last. The Dice loss, which PyTorch doesn't have, is written out below.
"""

import numpy
import torch
from torch.nn import functional

from autograd_recording import normal, operation, write

IGNORED = 255


def uniform(*shape):
    """Uniform floats that float32 holds, in float64."""
    return torch.rand(*shape, dtype=torch.float32).double()


def present(**arrays):
    return {key: value for key, value in arrays.items() if value is not None}


def classes(shape, count, ignored=0):
    """Random classes, some of them ignored."""
    chosen = torch.randint(0, count, (int(numpy.prod(shape)),))
    chosen[:ignored] = IGNORED
    return chosen[torch.randperm(chosen.numel())].view(shape)


def hard(name, x, target, weights=None, smoothing=0.0):
    smoothing = float(numpy.float32(smoothing))
    return operation(
        f"classes-{name}",
        lambda x, *_: functional.cross_entropy(
            x.reshape(-1, x.shape[-1]), target.reshape(-1), weights, ignore_index=IGNORED, label_smoothing=smoothing,
        ),
        {"x": x}, present(classes=target, weights=weights), smoothing=smoothing,
    )


def soft(name, x, weights=None):
    target = torch.softmax(2 * normal(*x.shape), -1).float().double()
    return operation(
        f"targets-{name}",
        lambda x, *_: functional.cross_entropy(
            x.reshape(-1, x.shape[-1]), target.reshape(-1, x.shape[-1]), weights,
        ),
        {"x": x}, present(targets=target, weights=weights),
    )


def binary(name, x, weights=None, mask=None, hard_targets=True):
    target = (uniform(*x.shape) < 0.4).double() if hard_targets else uniform(*x.shape)

    def loss(x, *_):
        losses = functional.binary_cross_entropy_with_logits(x, target, pos_weight=weights, reduction="none")
        return losses.mean() if mask is None else losses[mask != 0].mean()
    return operation(f"binary-{name}", loss, {"x": x}, present(targets=target, weights=weights, mask=mask))


def dice(p, g, kept, smoothing=1.0):
    """1 - the mean over classes of (2 sum(p g) + s) / (sum p + sum g + s), sums over all kept pixels."""
    p, g, kept = (a.reshape(-1, a.shape[-1]) for a in (p, g, kept))
    p, g = p * kept, g * kept
    return 1 - ((2 * (p * g).sum(0) + smoothing) / (p.sum(0) + g.sum(0) + smoothing)).mean()


def binary_dice(name, x, mask=None):
    target = (uniform(*x.shape) < 0.4).double()
    kept = torch.ones_like(target) if mask is None else (mask != 0).double()
    return operation(
        f"dice-sigmoid-{name}", lambda x, *_: dice(torch.sigmoid(x), target, kept), {"x": x},
        present(targets=target, mask=mask),
    )


def class_dice(name, x, ignored=0):
    target = classes(x.shape[:-1], x.shape[-1], ignored)
    kept = (target != IGNORED).double().unsqueeze(-1)
    chosen = functional.one_hot(torch.where(target == IGNORED, 0, target), x.shape[-1]).double()
    return operation(
        f"dice-softmax-{name}", lambda x, *_: dice(torch.softmax(x, -1), chosen, kept), {"x": x}, {"classes": target},
    )


def cases():
    """Cross-entropies and Dice, each with logits of ±10,000 too."""
    large = torch.tensor([[1e4, -1e4, 0.0], [-1e4, -1e4, 1e4], [1e4, 9.99e3, 1e4]], dtype=torch.float64)
    yield hard("plain", 2 * normal(7, 5), classes((7,), 5))
    yield hard("wide", 3 * normal(5, 37), classes((5,), 37))
    yield hard("weights", 2 * normal(9, 4), classes((9,), 4, 2), uniform(4) + 0.2)
    yield hard("smoothing", 2 * normal(6, 19), classes((6,), 19, 1), None, 0.1)
    yield hard("all", 2 * normal(11, 17), classes((11,), 17, 3), uniform(17) + 0.2, 0.2)
    yield hard("pixels", 2 * normal(2, 3, 5, 3), classes((2, 3, 5), 3, 4), uniform(3) + 0.2)
    yield hard("large", large, torch.tensor([0, 1, 2]))
    yield hard("large-smoothing", large, torch.tensor([1, 2, 0]), None, 0.1)
    yield soft("plain", 2 * normal(7, 5))
    yield soft("weights", 2 * normal(5, 18), uniform(18) + 0.2)
    yield soft("large", large)
    yield binary("plain", 3 * normal(5, 7))
    yield binary("soft", 3 * normal(4, 17), hard_targets=False)
    yield binary("weights", 3 * normal(7, 3), 4 * uniform(3) + 0.2)
    yield binary("mask", 3 * normal(2, 5, 3, 1), None, (uniform(2, 5, 3, 1) < 0.6).double())
    yield binary("all", 3 * normal(9, 5), 4 * uniform(5) + 0.2, (uniform(9, 5) < 0.6).double(), False)
    yield binary("large", large, uniform(3) + 0.5)
    yield binary_dice("plain", 2 * normal(2, 3, 5, 4))
    yield binary_dice("mask", 2 * normal(2, 5, 3, 1), (uniform(2, 5, 3, 1) < 0.6).double())
    yield binary_dice("large", large)
    yield class_dice("plain", 2 * normal(2, 3, 5, 4))
    yield class_dice("ignored", 2 * normal(3, 5, 2, 19), 7)
    yield class_dice("large", large)


write("losses", 20276, cases)
