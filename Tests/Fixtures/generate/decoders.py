"""Makes Tests/Fixtures/Models/decoders.json, what the tests of mask decoders on image encoders compare with.

    pip install torch torchvision transformers numpy
    python Tests/Fixtures/generate/decoders.py

Small image encoders (CLIP's transformer and modified ResNet, transformers' DINOv2, torchvision's ResNet) whose maps
decoders turn into logits; the decoders are written here, under the names of vbench's parameters. Neither weights nor
images nor labels are stored: `fill`, `images` and `labels` make them of whole numbers, and the tests repeat them.
Everything is computed in float64 and rounded to float32: `maps` and `logits` with running statistics; the loss, the
gradients of all parameters that it depends on and the running statistics that follow of one training step.
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

FILE = TESTS / "Fixtures" / "Models" / "decoders.json"
# DINOv2's names in transformers 5, and the released ones.
NAMES = {
    ".attention.q_proj.": ".attention.attention.query.", ".attention.k_proj.": ".attention.attention.key.",
    ".attention.v_proj.": ".attention.attention.value.", ".attention.o_proj.": ".attention.output.dense.",
}


def normed(inputs, outputs, kernel):
    """A convolution that keeps the size, its norm and a ReLU."""
    layers = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    return list(layers)


class Doubling(nn.Module):
    """Doubles a map, joins another one, and runs two 3×3 convolutions."""

    def __init__(self, inputs, others, outputs):
        super().__init__()
        self.enlarge = nn.ConvTranspose2d(inputs, outputs, 2, stride=2)
        self.block = nn.Sequential(*normed(outputs + others, outputs, 3), *normed(outputs, outputs, 3))

    def forward(self, x, other):
        doubled = self.enlarge(x)
        return self.block(doubled if other is None else torch.cat([doubled, other], dim=1))


class StageDecoder(nn.Module):
    """A residual network's maps, the coarsest first; the last doubling has nothing to join."""

    def __init__(self, channels, widths, classes):
        super().__init__()
        others = [*reversed(channels[:-1]), 0]
        inputs = [channels[-1], *widths[:-1]]
        self.steps = nn.ModuleList(Doubling(*sizes) for sizes in zip(inputs, others, widths))
        self.classifier = nn.Conv2d(widths[-1], classes, 1)

    def forward(self, maps):
        x, others = maps[-1], [*reversed(maps[:-1]), None]
        for step, other in zip(self.steps, others):
            x = step(x, other)
        return self.classifier(x)


class ProgressiveDecoder(nn.Module):
    """A transformer's patches, doubled; patches of earlier depths are enlarged and joined while there are any."""

    def __init__(self, channels, widths, classes):
        super().__init__()
        self.entry = nn.Sequential(*normed(channels[-1], widths[0], 1))
        earlier = list(zip(reversed(channels[:-1]), widths[1:]))
        self.projections = nn.ModuleList(nn.Sequential(*normed(*sizes, 1)) for sizes in earlier)
        self.steps = nn.ModuleList(
            Doubling(before, after if index < len(earlier) else 0, after)
            for index, (before, after) in enumerate(zip(widths, widths[1:]))
        )
        self.classifier = nn.Conv2d(widths[-1], classes, 1)

    def forward(self, maps):
        x = self.entry(maps[-1])
        for index, step in enumerate(self.steps):
            other = None
            if index < len(self.projections):
                size = [2 * side for side in x.shape[2:]]
                other = self.projections[index](maps[-2 - index])
                other = functional.interpolate(other, size, mode="bilinear", align_corners=False)
            x = step(x, other)
        return self.classifier(x)


class LinearDecoder(nn.Module):
    def __init__(self, channels, widths, classes):
        super().__init__()
        self.classifier = nn.Conv2d(channels[-1], classes, 1)

    def forward(self, maps):
        return self.classifier(maps[-1])


def depths(count):
    """How many blocks lie before each of four evenly spaced depths; the last is behind all of them."""
    return [max(part * count // 4, 1) for part in (1, 2, 3, 4)]


def squared(tokens):
    """All tokens but the class token as a map."""
    side = round((tokens.shape[1] - 1) ** 0.5)
    return tokens[:, 1:].transpose(1, 2).unflatten(2, (side, side))


def clip_maps(model, pixels):
    patches = model.conv1(pixels)
    learnt, side = model.positional_embedding, patches.shape[-1]
    grid = round((len(learnt) - 1) ** 0.5)
    square = learnt[1:].T.reshape(1, -1, grid, grid)
    square = functional.interpolate(square, (side, side), mode="bicubic", align_corners=True)
    positions = torch.cat([learnt[:1], square[0].flatten(1).T])
    first = model.class_embedding.expand(len(patches), 1, -1)
    x, outputs = model.ln_pre(torch.cat([first, patches.flatten(2).transpose(1, 2)], 1) + positions), []
    for block in model.transformer.resblocks:
        x = block(x)
        outputs.append(x)
    return [squared(model.ln_post(outputs[depth - 1])) for depth in depths(len(outputs))]


def dinov2_maps(model, pixels):
    states = model(pixel_values=pixels, output_hidden_states=True).hidden_states
    return [squared(model.layernorm(states[depth])) for depth in depths(len(states) - 1)]


def clip_resnet_maps(model, x):
    for index in (1, 2, 3):
        x = functional.relu(getattr(model, f"bn{index}")(getattr(model, f"conv{index}")(x)))
    return [x, *stages(model, functional.avg_pool2d(x, 2))]


def resnet_maps(model, pixels):
    x = model.relu(model.bn1(model.conv1(pixels)))
    return [x, *stages(model, model.maxpool(x))]


def stages(model, x):
    maps = []
    for stage in (1, 2, 3, 4):
        x = getattr(model, f"layer{stage}")(x)
        maps.append(x)
    return maps


class SmallResNet(torchvision.models.ResNet):
    """torchvision's blocks and stages with fewer channels and no classifier."""

    def __init__(self, width, layers):
        nn.Module.__init__(self)
        self._norm_layer, self.inplanes, self.dilation = nn.BatchNorm2d, width, 1
        self.groups, self.base_width = 1, 64
        self.conv1, self.bn1 = nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width)
        self.relu, self.maxpool = nn.ReLU(), nn.MaxPool2d(3, 2, 1)
        for stage, count in enumerate(layers):
            block = torchvision.models.resnet.Bottleneck
            made = self._make_layer(block, width << stage, count, stride=2 if stage else 1)
            setattr(self, f"layer{stage + 1}", made)


class EncoderDecoder(nn.Module):
    def __init__(self, encoder, maps, kind, channels, widths, classes):
        super().__init__()
        self.encoder, self.decoder, self.maps = encoder, kind(channels, widths, classes), maps

    def forward(self, pixels):
        logits = self.decoder(self.maps(self.encoder, pixels))
        return functional.interpolate(logits, pixels.shape[2:], mode="bilinear", align_corners=False)


def released(name):
    """A parameter's name in a checkpoint."""
    for new, old in NAMES.items():
        name = name.replace(new, old)
    return name


def scattered(name, count):
    """Numbers in [−1, 1) in steps of 2^−15, from FNV-1a of the name and the finalizer of MurmurHash3."""
    seed = 2166136261
    for byte in name.encode():
        seed = (seed ^ byte) * 16777619 % 2**32
    x = numpy.arange(count, dtype=numpy.uint32) + numpy.uint32(seed)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x = (x ^ (x >> numpy.uint32(shift))) * numpy.uint32(factor)
    return (x >> numpy.uint32(16)).astype(numpy.float32) / numpy.float32(32768) - numpy.float32(1)


def fill(model):
    """Gives every parameter and running statistic the values that its name says; returns the model in float64."""
    with torch.no_grad():
        for key, value in [*model.named_parameters(), *model.named_buffers()]:
            if not value.is_floating_point():
                continue
            name = released(key)
            made = scattered(name, value.numel())
            if name.endswith("weight") and value.ndim > 1:
                fan = value.shape[0] if name.endswith("enlarge.weight") else value[0].numel()
                made = made * numpy.sqrt(numpy.float32(6) / numpy.float32(fan))
            elif name.endswith(("weight", "lambda1", "running_var")):
                made = 1 + made / 2
            else:
                made = made / 2
            value.copy_(torch.from_numpy(made.astype(numpy.float32)).reshape(value.shape))
    return model.double()


def images(count, height, width):
    """Images [count, 3, height, width] in float64; the tests make the same ones with channels last."""
    index = numpy.arange(count * height * width * 3, dtype=numpy.int64)
    values = (index * 7919 % 10007).astype(numpy.float32) / numpy.float32(5003.5) - numpy.float32(1)
    return torch.from_numpy(values.reshape(count, height, width, 3)).permute(0, 3, 1, 2).double().contiguous()


def loss(logits):
    """Cross-entropy with labels that change every few pixels; binary for one class."""
    count, classes, height, width = logits.shape
    labels = torch.arange(count * height * width).reshape(count, height, width) * 5 // 7
    if classes > 1:
        return functional.cross_entropy(logits, labels % classes)
    return functional.binary_cross_entropy_with_logits(logits[:, 0], (labels % 2).to(logits.dtype))


def step(model, dtype, pixels):
    """The loss of one training step, the gradients of what it depends on, and the statistics that follow."""
    model = copy.deepcopy(model).to(dtype).train()
    value = loss(model(pixels.to(dtype)))
    value.backward()
    gradients = {released(key): value.grad for key, value in model.named_parameters() if value.grad is not None}
    return value.item(), gradients, {key: value for key, value in model.named_buffers() if "running" in key}


def stored(values):
    """An array as the tests read it."""
    values = numpy.asarray(values.detach()).astype("<f4")
    return {"shape": list(values.shape), "float32": base64.b64encode(values.tobytes()).decode("ascii")}


def case(name, model, looked, trained, is_short=False):
    """A network's maps and logits of images of one size, and a training step on images of another."""
    model = fill(model).eval()
    pixels = images(*looked)
    arrays = {} if is_short else {
        f"maps/{index}": value.permute(0, 2, 3, 1) for index, value in enumerate(model.maps(model.encoder, pixels))
    }
    arrays["logits"] = model(pixels).permute(0, 2, 3, 1)
    value, gradients, statistics = step(model, torch.float64, images(*trained))
    rough, rough_gradients, _ = step(model, torch.float32, images(*trained))
    distance = max(float((gradients[key] - rough_gradients[key]).abs().max()) for key in gradients)
    largest = max(float(made.abs().max()) for made in gradients.values())
    assert distance < 2e-5 * largest, f"{name}: other sizes, float32's gradients are {distance} away"
    # The encoder's larger gradients of a linear decoder are left out: those of another decoder cross the same code.
    arrays |= {
        f"gradients/{key}": made for key, made in gradients.items()
        if not is_short or made.numel() < 65 or key.startswith("decoder.")
    }
    arrays |= {f"statistics/{key}": made for key, made in statistics.items()}
    numbers = {f"looked{index}": size for index, size in enumerate(looked)}
    numbers |= {f"trained{index}": size for index, size in enumerate(trained)}
    numbers |= {"loss": value, "float32Loss": abs(value - rough), "float32Gradients": distance}
    print(f"{name}: {sum(made.numel() for made in gradients.values())} gradients, largest "
          f"{largest:.3f}, loss {value:.4f}, logits up to "
          f"{float(arrays['logits'].detach().abs().max()):.2f}, float32 {abs(value - rough):.1e}, {distance:.1e}")
    return {"name": name, "numbers": numbers, "arrays": {key: stored(made) for key, made in arrays.items()}}


def cases():
    """Each encoder, with its decoder and with a linear one."""
    stage_channels = [2, 8, 16, 32, 64]
    clip = lambda: networks.VisionTransformer(width=12, layers=3, heads=3, patch=16, grid=3, projection=5)
    dinov2 = lambda: transformers.Dinov2Model(transformers.Dinov2Config(
        hidden_size=10, num_hidden_layers=5, num_attention_heads=2, mlp_ratio=3, image_size=42, patch_size=14,
        attn_implementation="eager",
    ))
    clip_resnet = lambda: networks.ModifiedResNet(width=2, layers=(1, 2, 1, 1), heads=2, grid=2, projection=9)
    resnet = lambda: SmallResNet(2, (1, 1, 2, 1))
    wide, tall = (1, 32, 64), (2, 96, 64)
    yield case("clip-vit", EncoderDecoder(clip(), clip_maps, ProgressiveDecoder, [12] * 4, (7, 6, 5, 4, 3), 1),
               (1, 64, 64), (2, 32, 32))
    yield case("dinov2", EncoderDecoder(dinov2(), dinov2_maps, ProgressiveDecoder, [10] * 4, (6, 7, 5, 3, 4), 3),
               (1, 28, 28), (2, 56, 56))
    yield case("dinov2-linear", EncoderDecoder(dinov2(), dinov2_maps, LinearDecoder, [10] * 4, (), 1),
               (1, 56, 56), (2, 42, 42), is_short=True)
    yield case("clip-rn", EncoderDecoder(clip_resnet(), clip_resnet_maps, StageDecoder, stage_channels, (7, 6, 5, 3, 4), 3),
               wide, tall)
    yield case("resnet", EncoderDecoder(resnet(), resnet_maps, StageDecoder, stage_channels, (6, 7, 4, 5, 3), 1),
               wide, tall)
    yield case("resnet-linear", EncoderDecoder(resnet(), resnet_maps, LinearDecoder, stage_channels, (), 3),
               (1, 32, 32), (3, 64, 96), is_short=True)


def main():
    torch.set_num_threads(1)
    modules = torch, torchvision, transformers, numpy
    manifest = {
        "script": "Tests/Fixtures/generate/decoders.py", "python": platform.python_version(), "seed": "none",
    } | {module.__name__: module.__version__.split("+")[0] for module in modules}
    text = '{"manifest": ' + json.dumps(manifest) + ', "cases": [\n'
    text += ",\n".join(json.dumps(made, separators=(",", ":")) for made in cases()) + "\n]}\n"
    FILE.write_text(text, encoding="ascii")
    print(f"{FILE.name}: {len(text)} bytes")


main()
