"""How the scripts autograd_*.py record operations with all their gradients.

PyTorch computes in float64 from float32 inputs; what is stored is rounded to float32. A case holds its inputs by name,
the output `y`, the gradient of the output `dy`, and `d.NAME` for each input NAME.
"""

import base64
import json
import pathlib
import platform

import numpy
import torch

FIXTURES = pathlib.Path(__file__).resolve().parents[1]


def stored(tensor):
    """An array as the tests read it."""
    values = tensor.detach().numpy().astype("<f4")
    return {"shape": list(values.shape), "float32": base64.b64encode(values.tobytes()).decode("ascii")}


def normal(*shape):
    """Normal floats that float32 holds, in float64."""
    return torch.randn(shape, dtype=torch.float32).double()


def operation(name, function, inputs, constants=None, **numbers):
    """One case: y = function(*inputs, *constants), and the gradients of Σ y·dy for a random dy.

    `constants` are recorded and get no gradient; `numbers` are recorded only.
    """
    constants = constants or {}
    leaves = {key: value.clone().requires_grad_(True) for key, value in inputs.items()}
    y = function(*leaves.values(), *constants.values())
    dy = normal(*y.shape)
    y.backward(dy)
    arrays = {**leaves, **constants, "y": y, "dy": dy} | {f"d.{key}": leaf.grad for key, leaf in leaves.items()}
    return {"name": name, "numbers": numbers, "arrays": {key: stored(value) for key, value in arrays.items()}}


def write(topic, seed, cases):
    """Writes Tests/Fixtures/Autograd/TOPIC.json; `cases` draws its numbers after the seed is set."""
    torch.manual_seed(seed)
    manifest = {
        "script": f"Tests/Fixtures/generate/autograd_{topic}.py",
        "python": platform.python_version(),
        "torch": torch.__version__.split("+")[0],
        "numpy": numpy.__version__,
        "seed": seed,
    }
    lines = ",\n".join(json.dumps(made, separators=(",", ":")) for made in cases())
    output = FIXTURES / "Autograd" / f"{topic}.json"
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text('{"manifest": ' + json.dumps(manifest) + ', "cases": [\n' + lines + "\n]}\n", encoding="ascii")
