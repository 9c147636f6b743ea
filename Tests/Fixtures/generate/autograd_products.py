"""Makes Tests/Fixtures/Autograd/products.json, what LinearTests and MatrixProductTests compare with.

    pip install torch numpy
    python Tests/Fixtures/generate/autograd_products.py
"""

import torch
from torch.nn import functional

from autograd_recording import normal, operation, write


def joined(x, w0, b0, w1, b1):
    """The second map's outputs 1…3 of 6; it lies [inputs, outputs]."""
    return torch.cat([functional.linear(x, w0, b0), x @ w1[:, 1:4] + b1[1:4]], dim=-1)


def cases():
    """Linear maps and similarities."""
    yield operation(
        "linear-bias", functional.linear, {"x": normal(2, 3, 5), "weight": normal(7, 5), "bias": normal(7)},
    )
    yield operation(
        "linear-projection", lambda x, w: x @ w, {"x": normal(4, 18), "weight": normal(18, 3)},
    )
    yield operation(
        "linear-residual", lambda x, w, b, r: functional.linear(x, w, b) + r,
        {"x": normal(5, 3), "weight": normal(2, 3), "bias": normal(2), "residual": normal(5, 2)},
    )
    yield operation(
        "linear-joined", joined,
        {"x": normal(3, 5), "w0": normal(4, 5), "b0": normal(4), "w1": normal(5, 6), "b1": normal(6)},
    )
    yield operation(
        "linear-cut", lambda x, w, b: functional.linear(x, w[2:5], b[2:5]),
        {"x": normal(2, 4, 3), "weight": normal(7, 3), "bias": normal(7)},
    )
    yield operation("similarities", lambda a, b: a @ b.T, {"a": normal(3, 17), "b": normal(5, 17)})


write("products", 20272, cases)
