"""Makes Tests/Fixtures/Training: ten training steps of one small model per family, what TrainingTests compare with.

    pip install torch torchvision transformers numpy
    python Tests/Fixtures/generate/training_models.py

A file holds one case: `weights/NAME` before the first step, `gradients/NAME` of every parameter at the first step,
`losses` before each of ten steps of AdamW on all parameters, and `statistics/NAME`, the running statistics before
(under `weights/NAME`) and after the ten steps. Names are those of released state dicts; `head.weight` and `head.bias`
are a linear classifier's. Weights are rounded to float16 before they are used, stored as float32; PyTorch trains in
float64; `float32Losses` and `float32Gradients` are how far losses and the first gradients lie from these when PyTorch
trains in float32. Images are not stored but made by `images`, which the tests repeat.
"""

import base64
import copy
import json
import pathlib
import platform
import sys

import numpy
import torch
import torchvision
import transformers
from torch import nn
from torch.nn import functional

TESTS = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TESTS / "parity"))
import networks  # noqa: E402

FOLDER = TESTS / "Fixtures" / "Training"
SEED = 20264
STEPS = 10
OPTIMIZER = {"lr": 1e-3, "weight_decay": 0.05, "betas": (0.9, 0.999), "eps": 1e-8}


def stored(values):
    """An array as the tests read it."""
    values = numpy.asarray(values.detach() if isinstance(values, torch.Tensor) else values).astype("<f4")
    return {"shape": list(values.shape), "float32": base64.b64encode(values.tobytes()).decode("ascii")}


def images(count, side):
    """Images [count, 3, side, side] in float64; the tests make the same ones as [count, side, side, 3]."""
    index = numpy.arange(count * side * side * 3, dtype=numpy.int64)
    values = (index * 7919 % 10007).astype(numpy.float32) / numpy.float32(5003.5) - numpy.float32(1)
    return torch.from_numpy(values.reshape(count, side, side, 3)).permute(0, 3, 1, 2).double().contiguous()


def randomize(model):
    """Gives every parameter and running statistic random values that float16 holds; returns the model in float64."""
    with torch.no_grad():
        for name, value in list(model.named_parameters()) + list(model.named_buffers()):
            if not value.is_floating_point():
                continue
            if name.endswith("running_var"):
                made = torch.rand(value.shape) + 0.5
            elif value.ndim > 1 and "embedding" not in name:
                fan = value.shape[0] if name.split(".")[-1] in ("proj", "text_projection") else value[0].numel()
                made = torch.randn(value.shape) * 1.3 / fan**0.5
            elif name.endswith(("weight", "lambda1")):
                made = 1 + 0.4 * torch.randn(value.shape)
            else:
                made = 0.5 * torch.randn(value.shape)
            value.copy_(made.half())
    return model.double()


class Classifier(nn.Module):
    """An image encoder under a name of its own, and a linear head."""

    def __init__(self, encoder, name, features, pooled=lambda x: x):
        super().__init__()
        self.name, self.pooled = name, pooled
        self.add_module(name or "encoder", encoder)
        self.head = nn.Linear(features, 5)

    def loss(self, pixels, classes):
        encoder = getattr(self, self.name or "encoder")
        return functional.cross_entropy(self.head(self.pooled(encoder(pixels))), classes)

    def released(self, name):
        """A parameter's name in a released state dict."""
        return name if self.name else name.removeprefix("encoder.")


class SmallResNet(torchvision.models.ResNet):
    """torchvision's blocks, stages and forward pass with fewer channels and no classifier."""

    def __init__(self, width, layers):
        nn.Module.__init__(self)
        self._norm_layer, self.inplanes, self.dilation = nn.BatchNorm2d, width, 1
        self.groups, self.base_width = 1, 64
        self.conv1, self.bn1 = nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width)
        self.relu, self.maxpool = nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)
        for stage, count in enumerate(layers):
            block = torchvision.models.resnet.Bottleneck
            made = self._make_layer(block, width << stage, count, stride=2 if stage else 1)
            setattr(self, f"layer{stage + 1}", made)
        self.avgpool, self.fc = nn.AdaptiveAvgPool2d((1, 1)), nn.Identity()


class Text(nn.Module):
    """BERT, a projection, and cosines with features that stay as they are, times ten."""

    def __init__(self):
        super().__init__()
        config = transformers.BertConfig(
            vocab_size=23, hidden_size=20, num_hidden_layers=2, num_attention_heads=4, intermediate_size=36,
            max_position_embeddings=13, type_vocab_size=3, attn_implementation="eager", hidden_dropout_prob=0,
            attention_probs_dropout_prob=0,
        )
        self.bert = transformers.BertModel(config, add_pooling_layer=False)
        self.text_projection = nn.Parameter(torch.zeros(20, 7))

    def loss(self, ids, mask, others, classes):
        states = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0]
        features = functional.normalize(states @ self.text_projection, dim=1)
        return functional.cross_entropy(10 * features @ others.to(features.dtype).T, classes)

    def released(self, name):
        return name


def train(model, dtype, inputs):
    """Losses before each step, the gradients at the first, and the running statistics in the end."""
    model = copy.deepcopy(model).to(dtype).train()
    inputs = [value.to(dtype) if value.is_floating_point() else value for value in inputs]
    named = {model.released(name): value for name, value in model.named_parameters()}
    optimizer = torch.optim.AdamW(list(named.values()), **OPTIMIZER)
    losses, gradients = [], {}
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = model.loss(*inputs)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            gradients = {name: value.grad.clone() for name, value in named.items() if value.grad is not None}
        optimizer.step()
    buffers = {model.released(name): value for name, value in model.named_buffers() if "running" in name}
    return losses, gradients, buffers


def case(name, model, inputs, arrays=None, **numbers):
    """One family's file."""
    model = randomize(model)
    losses, gradients, statistics = train(model, torch.float64, inputs)
    rough, rough_gradients, _ = train(model, torch.float32, inputs)
    numbers["float32Losses"] = max(abs(a - b) for a, b in zip(losses, rough))
    numbers["float32Gradients"] = max(float((gradients[key] - rough_gradients[key]).abs().max()) for key in gradients)
    assert numbers["float32Losses"] < 1e-5, f"{name}: draw again, {numbers}"
    before = {model.released(key): value for key, value in [*model.named_parameters(), *model.named_buffers()]}
    made = dict(arrays or {}) | {"classes": inputs[-1], "losses": torch.tensor(losses, dtype=torch.float64)}
    # What no loss depends on, such as DINOv2's mask token, is left out.
    made |= {f"weights/{key}": before[key] for key in [*gradients, *statistics]}
    made |= {f"gradients/{key}": value for key, value in gradients.items()}
    made |= {f"statistics/{key}": value for key, value in statistics.items()}
    settings = {"learningRate": 1e-3, "weightDecay": 0.05, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    recorded = {
        "name": name,
        "numbers": settings | numbers,
        "arrays": {key: stored(value) for key, value in made.items()},
    }
    modules = torch, torchvision, transformers, numpy
    manifest = {
        "script": "Tests/Fixtures/generate/training_models.py", "python": platform.python_version(), "seed": SEED,
    } | {module.__name__: module.__version__.split("+")[0] for module in modules}
    text = '{"manifest": ' + json.dumps(manifest) + ', "cases": [\n'
    text += json.dumps(recorded, separators=(",", ":")) + "\n]}\n"
    (FOLDER / f"{name}.json").write_text(text, encoding="ascii")
    count = sum(value.numel() for value in gradients.values())
    print(f"{name}: {count} parameters, {len(text)} bytes, losses {losses[0]:.4f} … {losses[-1]:.4f}, "
          f"float32 within {numbers['float32Losses']:.1e}, gradients {numbers['float32Gradients']:.1e}")


def classes(count):
    return torch.arange(count) * 2 % 5


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    sizes = {"width": 20, "layers": 2, "heads": 4, "patch": 5, "grid": 3, "projection": 7}
    model = Classifier(networks.VisionTransformer(**sizes), "visual", 7)
    case("clip-vit", model, [images(5, 15), classes(5)], side=15, **sizes)

    config = transformers.Dinov2Config(
        hidden_size=20, num_hidden_layers=2, num_attention_heads=4, mlp_ratio=2, image_size=21, patch_size=7,
        attn_implementation="eager",
    )
    encoder = transformers.Dinov2Model(config)
    model = Classifier(encoder, "", 20, pooled=lambda output: output.last_hidden_state[:, 0])
    # Another size than the learnt positions', whose gradient flows through the resampling.
    case("dinov2", model, [images(4, 28), classes(4)], side=28, width=20, layers=2, heads=4, patch=7, grid=3)

    encoder = networks.ModifiedResNet(width=2, layers=(1, 2, 1, 1), heads=2, grid=2, projection=9)
    model = Classifier(encoder, "visual", 9)
    case("clip-rn", model, [images(6, 64), classes(6)], side=64, width=2, heads=2, grid=2, projection=9)

    # Some draws cross a kink of ReLU or of the largest of a window on the way, others in float32 than in float64.
    torch.manual_seed(SEED + 1)
    model = Classifier(SmallResNet(2, (2, 1, 1, 1)), "", 64)
    case("resnet", model, [images(5, 45), classes(5)], side=45, width=2)

    lengths = (9, 2, 5, 11)
    ids = torch.zeros(len(lengths), 11, dtype=torch.int64)
    for row, length in enumerate(lengths):
        ids[row, :length] = torch.randint(1, 23, (length,))
    others = functional.normalize(torch.randn(6, 7), dim=1)
    inputs = [ids, (ids != 0).long(), others.double(), torch.tensor([3, 0, 5, 2])]
    arrays = {"ids": ids, "lengths": torch.tensor(lengths), "others": others}
    case("bert", Text(), inputs, arrays, scale=10, context=11)


main()
