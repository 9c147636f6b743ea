"""Makes Tests/Fixtures/Autograd/norms.json, what NormTests compare with.

    pip install torch numpy
    python Tests/Fixtures/generate/autograd_norms.py
"""

from torch.nn import functional

from autograd_recording import normal, operation, write


def cases():
    """Layer norm, softmax and rows of length 1."""
    for name, shape, epsilon in (("small", (2, 3, 5), 1e-5), ("wide", (3, 37), 1e-12), ("flat", (2, 16), 0.5)):
        x, scale, shift = 3 * normal(*shape) + 2, normal(shape[-1]), normal(shape[-1])
        yield operation(
            f"layer-norm-{name}", lambda x, a, b: functional.layer_norm(x, (x.shape[-1],), a, b, epsilon),
            {"x": x, "scale": scale, "shift": shift}, epsilon=epsilon,
        )
    for name, shape, factor in (("plain", (3, 5), 1), ("factor", (2, 3, 19), -0.5), ("steep", (2, 33), 4)):
        yield operation(
            f"softmax-{name}", lambda x: functional.softmax(factor * x, dim=-1), {"x": normal(*shape)}, factor=factor,
        )
    for name, shape in (("narrow", (3, 7)), ("wide", (2, 3, 35))):
        yield operation(f"normalized-{name}", lambda x: functional.normalize(x, dim=-1), {"x": 2 * normal(*shape)})


write("norms", 20271, cases)
