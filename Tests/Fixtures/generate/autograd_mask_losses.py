"""Makes Tests/Fixtures/Autograd/mask_losses.json, what MaskLossTests compare with.

    pip install torch numpy
    python Tests/Fixtures/generate/autograd_mask_losses.py

Logits have their classes last. The Dice loss, which PyTorch doesn't have, is written out below.
"""

import torch
from torch.nn import functional

from autograd_recording import normal, operation, write

IGNORED = 255


def dice(p, t, kept, smoothing, first):
    """1 − the mean over classes from `first` on, of sums over the whole batch."""
    p, t = (torch.where(kept, value, 0).flatten(0, 2) for value in (p, t))
    numerators, denominators = 2 * (p * t).sum(0) + smoothing, (p + t).sum(0) + smoothing
    return 1 - (numerators / denominators)[first:].mean()


def sigmoid(name, x, entropy, overlap, smoothing=1.0, weights=None, ignored=0.0):
    targets = (torch.rand(x.shape) < 0.4).double()
    targets[torch.rand(x.shape) < ignored] = IGNORED
    kept = targets != IGNORED

    def loss(x, *_):
        truth = torch.where(kept, targets, 0)
        losses = functional.binary_cross_entropy_with_logits(x, truth, pos_weight=weights, reduction="none")
        mean = losses[kept].mean()
        return entropy * mean + overlap * dice(x.sigmoid(), truth, kept, smoothing, 0)

    return case(f"sigmoid-{name}", loss, x, targets, entropy, overlap, smoothing, weights)


def softmax(name, x, entropy, overlap, smoothing=1.0, weights=None, ignored=0.0):
    count = x.shape[-1]
    targets = torch.randint(0, count, x.shape[:-1])
    targets[torch.rand(targets.shape) < ignored] = IGNORED
    kept = (targets != IGNORED)[..., None]

    def loss(x, *_):
        truth = functional.one_hot(torch.where(kept[..., 0], targets, 0), count).double()
        mean = functional.cross_entropy(
            x.reshape(-1, count), targets.reshape(-1), weights, ignore_index=IGNORED,
        )
        return entropy * mean + overlap * dice(x.softmax(-1), truth, kept, smoothing, 1)

    return case(f"softmax-{name}", loss, x, targets, entropy, overlap, smoothing, weights)


def case(name, loss, x, targets, entropy, overlap, smoothing, weights):
    constants = {"targets": targets} | ({} if weights is None else {"weights": weights})
    return operation(name, loss, {"x": x}, constants, entropy=entropy, dice=overlap, smoothing=smoothing)


def cases():
    """Both forms: each part alone, both, weights, ignored targets, no smoothing."""
    for form, one in ((sigmoid, 1), (softmax, 2)):
        three = torch.tensor([0.5, 2.0, 3.25], dtype=torch.float64)
        yield form("entropy", 2 * normal(2, 3, 5, one), 1.0, 0.0)
        yield form("dice", 2 * normal(2, 3, 5, one), 0.0, 1.0)
        yield form("both", 2 * normal(2, 3, 5, one), 0.75, 1.5, ignored=0.3)
        yield form("classes", 2 * normal(2, 4, 3, 3), 1.0, 1.0, ignored=0.2)
        yield form("unsmoothed", 2 * normal(1, 5, 3, 3), 0.5, 2.0, smoothing=0.0, ignored=0.2)
        yield form("weights", 2 * normal(2, 5, 3, 3), 1.0, 0.5, smoothing=0.25, weights=three, ignored=0.4)
        yield form("many", normal(1, 2, 7, 19), 1.0, 1.0, ignored=0.1)
        yield form("large", 300 * normal(2, 3, 5, 3), 1.0, 1.0, weights=three, ignored=0.2)


write("mask_losses", 50271, cases)
