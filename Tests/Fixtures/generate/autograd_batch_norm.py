"""Makes Tests/Fixtures/Autograd/batch_norm.json, what BatchNormTests and GroupNormTests compare with.

    pip install torch numpy
    python Tests/Fixtures/generate/autograd_batch_norm.py
"""

from torch.nn import functional

from autograd_recording import normal, operation, stored, write


def batch_norm(name, shape, training, relu, residual, offset=0.0):
    """Channels last here and first in PyTorch; running averages as they are before and after."""
    channels = shape[-1]
    mean, variance = normal(channels), normal(channels).abs() + 0.5
    before = {"mean": stored(mean), "variance": stored(variance)}
    inputs = {"x": (normal(*shape) + offset).float().double(), "scale": normal(channels), "shift": normal(channels)}
    if residual:
        inputs["residual"] = normal(*shape)

    def function(x, scale, shift, residual=None):
        y = functional.batch_norm(
            x.movedim(-1, 1), mean, variance, scale, shift, training=training, momentum=0.1, eps=1e-5,
        ).movedim(1, -1)
        y = y if residual is None else y + residual
        return functional.relu(y) if relu else y

    made = operation(f"batch-norm-{name}", function, inputs, relu=int(relu), training=int(training))
    made["arrays"] |= before | {"mean_after": stored(mean), "variance_after": stored(variance)}
    return made


def group_norm(name, shape, groups):
    return operation(
        f"group-norm-{name}",
        lambda x, scale, shift: functional.group_norm(x.movedim(-1, 1), groups, scale, shift, 1e-5).movedim(1, -1),
        {"x": (2 * normal(*shape) + 1).float().double(), "scale": normal(shape[-1]), "shift": normal(shape[-1])},
        groups=groups,
    )


def cases():
    """Batch and group normalisation."""
    yield batch_norm("plain", (2, 5, 3, 7), True, False, False)
    yield batch_norm("relu", (3, 4, 2, 17), True, True, False)
    yield batch_norm("residual", (2, 3, 1, 33), True, False, True)
    yield batch_norm("residual-relu", (2, 3, 4, 19), True, True, True)
    yield batch_norm("rows", (11, 6), True, False, False)
    yield batch_norm("far-from-zero", (3, 5, 4, 5), True, True, False, offset=100.0)
    yield batch_norm("frozen", (2, 3, 5, 7), False, False, False)
    yield batch_norm("frozen-residual-relu", (2, 5, 3, 18), False, True, True)
    yield group_norm("two", (2, 3, 5, 6), 2)
    yield group_norm("one", (3, 5, 2, 7), 1)
    yield group_norm("channels", (2, 4, 3, 5), 5)
    yield group_norm("wide", (2, 3, 2, 36), 4)


write("batch_norm", 20274, cases)
