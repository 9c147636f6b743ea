"""Makes Tests/Fixtures/Autograd/pooling.json, what PoolingTests and ResizedTests compare with.

    pip install torch numpy
    python Tests/Fixtures/generate/autograd_pooling.py
"""

import torch
from torch.nn import functional

from autograd_recording import normal, operation, write


def images(name, function, x, **numbers):
    """A function of images, channels first in PyTorch and last here."""
    return operation(name, lambda x: function(x.movedim(-1, 1)).movedim(1, -1), {"x": x}, **numbers)


def pooled(kind, name, x, window, stride, padding):
    function = {
        "max": lambda x: functional.max_pool2d(x, window, stride, padding),
        "average": lambda x: functional.avg_pool2d(x, window, stride, padding, count_include_pad=False),
    }[kind]
    return images(f"{kind}-{name}", function, x, window=window, stride=stride, padding=padding)


def resized(mode, name, x, size, align):
    return images(
        f"{mode}-{name}", lambda x: functional.interpolate(x, size, mode=mode, align_corners=align), x,
        height=size[0], width=size[1], align=int(align),
    )


def cases():
    """Pooling and resizing."""
    for kind in ("max", "average"):
        yield pooled(kind, "overlapping", normal(2, 7, 9, 3), 3, 2, 1)
        yield pooled(kind, "halving", normal(2, 6, 4, 17), 2, 2, 0)
        yield pooled(kind, "dense", normal(1, 5, 6, 3), 3, 1, 1)
        yield pooled(kind, "gaps", normal(2, 8, 7, 2), 2, 3, 0)
        yield pooled(kind, "whole", normal(3, 5, 5, 4), 5, 1, 0)
    # Many equal values: the first one of each window gets the gradient.
    yield pooled("max", "with-ties", torch.randint(0, 3, (2, 7, 6, 19)).double(), 3, 2, 1)
    for mode in ("bilinear", "bicubic"):
        for align in (False, True):
            suffix = "-aligned" if align else ""
            yield resized(mode, "up" + suffix, normal(2, 3, 5, 2), (7, 11), align)
            yield resized(mode, "double" + suffix, normal(1, 4, 3, 17), (8, 6), align)
            yield resized(mode, "down" + suffix, normal(2, 9, 8, 3), (4, 5), align)
            yield resized(mode, "mixed" + suffix, normal(1, 5, 2, 2), (3, 7), align)
            yield resized(mode, "single" + suffix, normal(2, 1, 3, 5), (4, 1), align)


write("pooling", 20275, cases)
