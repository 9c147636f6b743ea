"""Makes Tests/Fixtures/Layers/pytorch.json, what LayersTests compare with.

    pip install torch numpy
    python Tests/Fixtures/generate/layers.py

PyTorch computes each case in float64 from float32 inputs; results are rounded to float32. Parameters go by the names
under which layers declare them; images are stored as the executor takes them, [N, H, W, C].
"""

import base64
import json
import pathlib
import platform

import numpy
import torch
from torch import nn
from torch.nn import functional

OUTPUT = pathlib.Path(__file__).resolve().parents[1] / "Layers" / "pytorch.json"
SEED = 20261


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


def nhwc(images):
    return images.permute(0, 2, 3, 1).contiguous()


def convolutions():
    """A convolution, its batch normalisation with running statistics, and what follows."""
    for name, inputs, outputs, kernel, stride, padding, has_bias in (
        ("3x3", 3, 5, 3, 2, 1, False), ("1x1", 6, 4, 1, 1, 0, False), ("biased", 2, 5, 3, 1, 1, True),
    ):
        norm = nn.BatchNorm2d(outputs).double().eval()
        state = {
            "weight": normal(outputs), "bias": normal(outputs), "running_mean": normal(outputs),
            "running_var": normal(outputs).abs() + 0.1,
        }
        norm.load_state_dict(state | {"num_batches_tracked": torch.tensor(7)})
        x, weight = normal(2, inputs, 7, 6), normal(outputs, inputs, kernel, kernel)
        bias = normal(outputs) if has_bias else None
        y = norm(functional.conv2d(x, weight, bias, stride, padding))
        residual = normal(*y.shape)
        arrays = {"conv.weight": weight} | ({"conv.bias": bias} if has_bias else {})
        arrays |= {f"norm.{key}": value for key, value in state.items()}
        arrays |= {
            "x": nhwc(x), "y": nhwc(y), "relu": nhwc(functional.relu(y)), "residual": nhwc(residual),
            "added": nhwc(functional.relu(residual + y)),
        }
        yield case(f"convolution-{name}", arrays, kernel=kernel, stride=stride, padding=padding)


def patches():
    for patch, height, width, features in ((4, 8, 12, 7), (3, 10, 7, 5)):
        x, weight, bias = normal(2, 3, height, width), normal(features, 3, patch, patch), normal(features)
        y = functional.conv2d(x, weight, bias, stride=patch).flatten(2).transpose(1, 2)
        yield case(f"patches-{patch}", {"weight": weight, "bias": bias, "x": nhwc(x), "y": y}, patch=patch)


def positions():
    """The class token's position stays, the grid's are interpolated."""
    for rule, aligned in (("aligned_corners", True), ("areas", False)):
        for old, new in ((5, 7), (5, 3), (4, 4), (2, 5), (3, 1)):
            learnt = normal(1 + old * old, 3)
            grid = learnt[1:].reshape(1, old, old, 3).permute(0, 3, 1, 2)
            made = functional.interpolate(grid, (new, new), mode="bicubic", align_corners=aligned)
            y = torch.cat([learnt[:1], made.permute(0, 2, 3, 1).reshape(-1, 3)])
            yield case(f"positions-{rule}-{old}-{new}", {"learnt": learnt, "y": y}, old=old, new=new)


def linears():
    """Three maps over the same x whose outputs are joined, the second without offsets."""
    x, sizes = normal(2, 3, 6), (4, 5, 3)
    weights, biases = [normal(size, 6) for size in sizes], [normal(size) for size in sizes]
    biases[1] = None
    y = torch.cat([functional.linear(x, w, b) for w, b in zip(weights, biases)], dim=-1)
    scale = normal(sum(sizes))
    residual = normal(*y.shape)
    arrays = {f"part{index}.weight": weight for index, weight in enumerate(weights)}
    arrays |= {f"part{index}.bias": bias for index, bias in enumerate(biases) if bias is not None}
    arrays |= {
        "scale": scale, "x": x, "y": y, "scaled": y * scale, "residual": residual, "added": residual + y * scale,
        "gelu": functional.gelu(y), "quick_gelu": y * torch.sigmoid(1.702 * y),
    }
    yield case("joined", arrays)
    x, projection = normal(3, 5), normal(5, 7)
    yield case("projection", {"proj": projection, "x": x, "y": x @ projection})


def attention():
    batch, tokens, heads, width, lengths = 3, 5, 2, 4, (5, 1, 3)
    joined, query = normal(batch, tokens, 3 * heads * width), normal(batch, heads * width)
    split = lambda x: x.unflatten(-1, (heads, width)).transpose(1, 2)
    q, k, v = (split(part) for part in joined.chunk(3, dim=-1))
    mask = (torch.arange(tokens)[None] < torch.tensor(lengths)[:, None])[:, None, None]
    attend = functional.scaled_dot_product_attention
    arrays = {
        "joined": joined, "query": query,
        "y": attend(q, k, v).transpose(1, 2).flatten(2),
        "masked": attend(q, k, v, attn_mask=mask).transpose(1, 2).flatten(2),
        "keysAndValues": joined[..., heads * width:],
        "cross": attend(split(query[:, None]), k, v, attn_mask=mask).transpose(1, 2).flatten(1),
    }
    yield case("attention", arrays, heads=heads, **{f"length{i}": length for i, length in enumerate(lengths)})


def embeddings():
    """Words and positions added, then normalised, as BERT begins."""
    words, places, norm = normal(11, 6), normal(4, 6), nn.LayerNorm(6, eps=1e-12).double()
    with torch.no_grad():
        norm.weight.copy_(normal(6))
        norm.bias.copy_(normal(6))
    indices = torch.tensor([[10, 0, 3, 3], [1, 2, 3, 9]])
    total = words[indices] + places
    yield case(
        "embedding",
        {
            "words.weight": words, "places.weight": places, "norm.weight": norm.weight, "norm.bias": norm.bias,
            "indices": indices.double(), "y": total, "normalized": norm(total),
        },
    )


def main():
    torch.manual_seed(SEED)
    sets = (convolutions(), patches(), positions(), linears(), attention(), embeddings())
    cases = [made for cases in sets for made in cases]
    manifest = {
        "script": "Tests/Fixtures/generate/layers.py",
        "python": platform.python_version(),
        "torch": torch.__version__.split("+")[0],
        "numpy": numpy.__version__,
        "seed": SEED,
    }
    lines = ",\n".join(json.dumps(made, separators=(",", ":")) for made in cases)
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text('{"manifest": ' + json.dumps(manifest) + ', "cases": [\n' + lines + "\n]}\n", encoding="ascii")


main()
