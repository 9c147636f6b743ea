"""Makes Tests/Fixtures/Autograd/activations.json, what ActivationTests compare with.

    pip install torch numpy
    python Tests/Fixtures/generate/autograd_activations.py
"""

import torch
from torch.nn import functional

from autograd_recording import normal, operation, write


def cases():
    """ReLU, GELU with erf, QuickGELU and sigmoid, each at ordinary and at far values."""
    functions = {
        "relu": functional.relu,
        "gelu": functional.gelu,
        "quick-gelu": lambda x: x * torch.sigmoid(1.702 * x),
        "sigmoid": torch.sigmoid,
    }
    for name, function in functions.items():
        yield operation(name, function, {"x": 2 * normal(3, 7, 5)})
        far = torch.tensor([-30.0, -9.0, -5.5, -3.0, -0.75, 0.001, 0.75, 3.0, 5.5, 9.0, 30.0]).double()
        yield operation(f"{name}-far", function, {"x": far})


write("activations", 20272, cases)
