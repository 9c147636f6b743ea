"""Makes Tests/Fixtures/Kernels/pytorch.json, what KernelsTests compare with.

    pip install torch numpy
    python Tests/Fixtures/generate/kernels.py

PyTorch computes each case in float64 from float32 inputs; results are rounded to float32. Images are stored as the
kernels take them, [N, H, W, C]; weights as PyTorch's state dicts hold them.
"""

import base64
import json
import pathlib
import platform

import numpy
import torch
from torch.nn import functional

OUTPUT = pathlib.Path(__file__).resolve().parents[1] / "Kernels" / "pytorch.json"
SEED = 20260


def stored(tensor):
    """An array as the tests read it."""
    values = tensor.detach().numpy().astype("<f4")
    return {"shape": list(values.shape), "float32": base64.b64encode(values.tobytes()).decode("ascii")}


def case(name, arrays, **numbers):
    """A named set of arrays and numbers."""
    return {"name": name, "numbers": numbers, "arrays": {key: stored(value) for key, value in arrays.items()}}


def normal(*shape):
    """Normal floats that float32 holds, in float64."""
    return torch.randn(*shape, dtype=torch.float32).double()


def whole(*shape):
    """Whole numbers in -3...3."""
    return torch.randint(-3, 4, shape).double()


def nhwc(images):
    return images.permute(0, 2, 3, 1).contiguous()


def rows():
    for count, width, epsilon in ((3, 5, 1e-5), (2, 33, 1e-6), (2, 64, 1e-12)):
        x, scale, shift = normal(count, width) * 3 + 1, normal(width), normal(width)
        y = functional.layer_norm(x, [width], scale, shift, epsilon)
        yield case(f"layer-norm-{width}", {"x": x, "scale": scale, "shift": shift, "y": y}, epsilon=epsilon)
    for count, width, factor in ((3, 5, 1.0), (2, 37, 0.25), (2, 197, 1.0)):
        x = normal(count, width) * 4
        yield case(f"softmax-{width}", {"x": x, "y": torch.softmax(x * factor, dim=-1)}, factor=factor)
    for count, width in ((3, 5), (2, 31)):
        x = normal(count, width)
        yield case(f"normalize-{width}", {"x": x, "y": functional.normalize(x, dim=-1)})


def activations():
    x = torch.cat([torch.linspace(-12, 12, 193).float().double(), normal(40)])
    results = {
        "relu": functional.relu(x),
        "gelu": functional.gelu(x),
        "quick_gelu": x * torch.sigmoid(1.702 * x),
    }
    for name, y in results.items():
        yield case(f"activation-{name}", {"x": x, "y": y})


def attention():
    """Scaled dot-product attention; keys beyond a sequence's length are masked."""
    for batch, queries, keys, heads, width, lengths in (
        (2, 5, 7, 3, 4, None),
        (3, 6, 6, 2, 9, (6, 1, 4)),
        (2, 1, 19, 2, 8, (19, 17)),
    ):
        q, k, v = normal(batch, queries, heads * width), normal(batch, keys, heads * width), normal(batch, keys, heads * width)
        split = lambda x: x.unflatten(-1, (heads, width)).transpose(1, 2)
        mask = None
        if lengths:
            seen = torch.arange(keys)[None] < torch.tensor(lengths)[:, None]
            mask = seen[:, None, None, :]
        y = functional.scaled_dot_product_attention(split(q), split(k), split(v), attn_mask=mask)
        numbers = {f"length{index}": length for index, length in enumerate(lengths or [])}
        yield case(
            f"attention-{queries}-{keys}",
            {"q": q, "k": k, "v": v, "y": y.transpose(1, 2).flatten(2)},
            heads=heads, **numbers,
        )


def convolutions():
    for name, height, width, inputs, outputs, kernel, stride, padding in (
        ("3x3", 9, 11, 5, 7, (3, 3), 1, 1),
        ("3x3-stride-2", 10, 7, 3, 6, (3, 3), 2, 1),
        ("7x7-stride-2", 17, 13, 3, 5, (7, 7), 2, 3),
        ("1x1", 5, 7, 6, 9, (1, 1), 1, 0),
        ("1x1-stride-2", 7, 6, 4, 5, (1, 1), 2, 0),
        ("oblong", 6, 8, 3, 4, (2, 3), 1, 1),
    ):
        x, weight, bias = whole(3, inputs, height, width), whole(outputs, inputs, *kernel), whole(outputs)
        y = functional.conv2d(x, weight, bias, stride, padding)
        residual = whole(*y.shape)
        yield case(
            f"convolution-{name}",
            {
                "x": nhwc(x), "weight": weight, "bias": bias, "y": nhwc(y), "residual": nhwc(residual),
                "added": nhwc(functional.relu(residual + y)),
            },
            stride=stride, padding=padding,
        )


def pooling():
    for height, width, channels, window, stride, padding in (
        (9, 7, 5, 3, 2, 1), (8, 6, 17, 2, 2, 0), (7, 5, 3, 5, 1, 2),
    ):
        x = normal(2, channels, height, width)
        average = functional.avg_pool2d(x, window, stride, padding, count_include_pad=False)
        largest = functional.max_pool2d(x, window, stride, padding)
        yield case(
            f"pooling-{window}",
            {"x": nhwc(x), "average": nhwc(average), "maximum": nhwc(largest)},
            window=window, stride=stride, padding=padding,
        )


def linears():
    for count, inputs, outputs in ((3, 5, 7), (40, 17, 6)):
        x, weight, bias, residual = normal(count, inputs), normal(outputs, inputs), normal(outputs), normal(count, outputs)
        y = functional.linear(x, weight, bias)
        arrays = {
            "x": x, "weight": weight, "bias": bias, "residual": residual, "y": y, "added": residual + y,
            "unbiased": functional.linear(x, weight), "relu": functional.relu(y), "gelu": functional.gelu(y),
            "quick_gelu": y * torch.sigmoid(1.702 * y), "added_relu": functional.relu(residual + y),
        }
        yield case(f"linear-{inputs}-{outputs}", arrays)


def main():
    torch.manual_seed(SEED)
    sets = (rows(), activations(), attention(), convolutions(), pooling(), linears())
    cases = [made for cases in sets for made in cases]
    manifest = {
        "script": "Tests/Fixtures/generate/kernels.py",
        "python": platform.python_version(),
        "torch": torch.__version__.split("+")[0],
        "numpy": numpy.__version__,
        "seed": SEED,
    }
    lines = ",\n".join(json.dumps(made, separators=(",", ":")) for made in cases)
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text('{"manifest": ' + json.dumps(manifest) + ', "cases": [\n' + lines + "\n]}\n", encoding="ascii")


main()
