"""Makes Tests/Fixtures/Autograd/contrast.json, what CouplingTests and ContrastTests compare with.

    pip install torch numpy
    python Tests/Fixtures/generate/autograd_contrast.py

A row's loss is log(1 + Σ w exp(s - positive)): logsumexp of 0 and s - positive + log w. Where all weights are 1 it is
PyTorch's cross-entropy.
"""

import torch
from torch.nn import functional

from autograd_recording import normal, operation, write


def uniform(*shape):
    """Uniform floats that float32 holds, in float64."""
    return torch.rand(*shape, dtype=torch.float32).double()


def coupled(name, logits, positives, weights):
    index = torch.tensor(positives)
    own = functional.one_hot(index, logits.shape[1]).bool()

    def loss(s, *_):
        differences = s - s.gather(1, index[:, None])
        # The positive's difference is 0, its weight 1: the 1 of log(1 + ...).
        return torch.logsumexp(differences + torch.where(own, torch.ones_like(s), weights).log(), 1).mean()
    return operation(name, loss, {"x": logits}, {"positives": index.double(), "weights": weights})


def plain(name, logits, positives):
    index = torch.tensor(positives)
    return operation(
        name, lambda s, *_: functional.cross_entropy(s, index), {"x": logits},
        {"positives": index.double(), "weights": torch.ones_like(logits)},
    )


def sparse(*shape):
    """Weights of which a third is 0."""
    return uniform(*shape) * (uniform(*shape) < 0.67)


def cases():
    large = torch.tensor([[1e4, -1e4, 9.999e3], [-1e4, 1e4, 0.0]], dtype=torch.float64)
    yield coupled("coupling-square", 2 * normal(5, 5), range(5), sparse(5, 5))
    yield coupled("coupling-queue", 3 * normal(5, 17), range(5), sparse(5, 17))
    yield coupled("coupling-elsewhere", 3 * normal(3, 7), [6, 0, 3], 4 * sparse(3, 7))
    yield coupled("coupling-wide", 4 * normal(2, 61), [33, 1], sparse(2, 61))
    yield coupled("coupling-single", normal(3, 1), [0, 0, 0], uniform(3, 1))
    yield coupled("coupling-alone", normal(3, 4), [0, 1, 2], torch.zeros(3, 4).double())
    yield coupled("coupling-apart", normal(3, 5) - 30 * (1 - torch.eye(3, 5).double()), range(3), sparse(3, 5))
    yield coupled("coupling-large", large, [1, 1], torch.tensor([[0.5, 0, 2.0], [1.0, 0, 0]]).double())
    yield plain("coupling-infonce", 3 * normal(5, 7), range(5))
    yield plain("coupling-infonce-large", large, [0, 2])
    yield operation("scaled-by-exp", lambda x, s: s.exp() * x, {"x": normal(3, 5), "exponent": normal()})
    yield operation("scaled-by-exp-row", lambda x, s: s.exp() * x, {"x": normal(2, 3, 7), "exponent": 2 * normal(1)})
    yield operation(
        "rows", lambda *parts: torch.cat(parts), {"a": normal(2, 5), "b": normal(1, 5), "c": normal(4, 5)},
    )
    yield operation("row-dots", lambda a, b: (a * b).sum(1), {"a": normal(3, 7), "b": normal(3, 7)})


write("contrast", 20281, cases)
