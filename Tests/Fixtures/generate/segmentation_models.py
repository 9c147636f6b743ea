"""Makes Tests/Fixtures/Models/segmentation.json, what the tests of segmentation networks compare with.

    pip install torch numpy
    python Tests/Fixtures/generate/segmentation_models.py [--data FOLDER]

Small random U-Nets and W-Nets, written here from the description in Galdran et al. 2020 ("The Little W-Net That
Could") under the names of its released weights, with sizes that no two dimensions share. Weights are rounded to float16 before they are used; outputs are computed in
float64 and rounded to float32; gradients are those of a training step, whose batch normalisations take the batch's
statistics. Images are not stored but made by `images`, which the tests repeat.

With --data, the folder of VBENCH_DATA, the same classes run the released W-Net and must give the recorded logits of
both nets; nothing of that is written.
"""

import argparse
import base64
import copy
import json
import pathlib
import platform

import numpy
import torch
from torch import nn
from torch.nn import functional

FILE = pathlib.Path(__file__).resolve().parents[1] / "Models" / "segmentation.json"
SEED = 20266


class Block(nn.Module):
    """Two 3×3 convolutions, each followed by ReLU and then its norm; a 1×1 shortcut; perhaps halved before."""

    def __init__(self, inputs, outputs, shortcut, halves):
        super().__init__()
        if shortcut:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))
        self.block = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(outputs),
            nn.Conv2d(outputs, outputs, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(outputs),
        )
        self.has_shortcut, self.halves = shortcut, halves

    def forward(self, x):
        if self.halves:
            x = functional.max_pool2d(x, 2)
        return self.block(x) + self.shortcut(x) if self.has_shortcut else self.block(x)


class Inner(nn.Module):
    """Layers under the name `block`."""

    def __init__(self, *layers):
        super().__init__()
        self.block = nn.Sequential(*layers)

    def forward(self, x):
        return self.block(x)


class Up(nn.Module):
    """Doubles a map and joins it with the one of the way down, which may cross a bridge."""

    def __init__(self, inputs, outputs, shortcut, bridge):
        super().__init__()
        self.up_layer = Inner(nn.ConvTranspose2d(inputs, outputs, 2, stride=2))
        self.conv_layer = Block(2 * outputs, outputs, shortcut, halves=False)
        if bridge:
            self.conv_bridge_layer = Inner(
                nn.Conv2d(outputs, outputs, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(outputs)
            )
        self.has_bridge = bridge

    def forward(self, x, skip):
        if self.has_bridge:
            skip = self.conv_bridge_layer(skip)
        return self.conv_layer(torch.cat([self.up_layer(x), skip], dim=1))


class UNet(nn.Module):
    def __init__(self, inputs, classes, widths, shortcut=True, bridge=True):
        super().__init__()
        self.first = Block(inputs, widths[0], shortcut, halves=False)
        pairs = list(zip(widths, widths[1:]))
        self.down_path = nn.ModuleList(Block(low, high, shortcut, halves=True) for low, high in pairs)
        self.up_path = nn.ModuleList(Up(high, low, shortcut, bridge) for low, high in reversed(pairs))
        self.final = nn.Conv2d(widths[0], classes, 1)

    def forward(self, x):
        x = self.first(x)
        skips = []
        for down in self.down_path:
            skips.append(x)
            x = down(x)
        for up in self.up_path:
            x = up(x, skips.pop())
        return self.final(x)


class WNet(nn.Module):
    """Two U-Nets; the second sees the images and the first one's logits."""

    def __init__(self, inputs, classes, widths, shortcut=True, bridge=True):
        super().__init__()
        self.unet1 = UNet(inputs, classes, widths, shortcut, bridge)
        self.unet2 = UNet(inputs + classes, classes, widths, shortcut, bridge)

    def forward(self, x):
        first = self.unet1(x)
        return first, self.unet2(torch.cat([x, first], dim=1))


def stored(values):
    """An array as the tests read it."""
    values = numpy.asarray(values.detach() if isinstance(values, torch.Tensor) else values).astype("<f4")
    return {"shape": list(values.shape), "float32": base64.b64encode(values.tobytes()).decode("ascii")}


def channels_last(values):
    return values.permute(0, 2, 3, 1)


def images(count, height, width, channels):
    """Images [count, channels, height, width] in float64; the tests make the same ones with channels last."""
    index = numpy.arange(count * height * width * channels, dtype=numpy.int64)
    values = (index * 7919 % 10007).astype(numpy.float32) / numpy.float32(5003.5) - numpy.float32(1)
    return torch.from_numpy(values.reshape(count, height, width, channels)).permute(0, 3, 1, 2).double().contiguous()


def randomize(model):
    """Gives every parameter and running statistic random values that float16 holds; returns the model in float64."""
    with torch.no_grad():
        for name, value in list(model.named_parameters()) + list(model.named_buffers()):
            if not value.is_floating_point():
                continue
            if name.endswith("running_var"):
                made = torch.rand(value.shape) + 0.5
            elif value.ndim > 1:
                fan = value.shape[0] if "up_layer" in name else value[0].numel()
                made = torch.randn(value.shape) / fan**0.5
            elif name.endswith("weight"):
                made = 1 + 0.3 * torch.randn(value.shape)
            else:
                made = 0.3 * torch.randn(value.shape)
            value.copy_(made.half())
    return model.double()


def state(model):
    return {
        f"weights/{name}": value for name, value in model.state_dict().items() if value.is_floating_point()
    }


def numbers(inputs, classes, widths, shortcut=True, bridge=True):
    return {
        "inputs": inputs, "classes": classes, "stages": len(widths), "shortcut": int(shortcut),
        "bridge": int(bridge), **{f"width{index}": width for index, width in enumerate(widths)},
    }


def forward(name, kind, sizes, **options):
    """A network's logits of several sizes of images, with running statistics."""
    model = randomize(kind(**options)).eval()
    arrays = state(model)
    for count, height, width in sizes:
        made = model(images(count, height, width, options["inputs"]))
        for index, logits in enumerate(made if isinstance(made, tuple) else [made]):
            arrays[f"logits{index}/{count}x{height}x{width}"] = channels_last(logits)
    return {"name": name, "numbers": numbers(**options), "arrays": {key: stored(value) for key, value in arrays.items()}}


def step(model, dtype, pixels, classes, momentum):
    """The loss of all nets, its gradients and the statistics that follow, of one training step."""
    model = copy.deepcopy(model).to(dtype).train()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = momentum
    made = model(pixels.to(dtype))
    loss = sum(functional.cross_entropy(logits, classes) for logits in (made if isinstance(made, tuple) else [made]))
    loss.backward()
    gradients = {name: value.grad for name, value in model.named_parameters()}
    return loss.item(), gradients, {name: value for name, value in model.named_buffers() if "running" in name}


def training(name, kind, count, height, width, **options):
    """A training step's loss, every gradient, and running statistics."""
    model = randomize(kind(**options))
    pixels = images(count, height, width, options["inputs"])
    labels = torch.arange(count * height * width).reshape(count, height, width) * 5 // 7 % options["classes"]
    loss, gradients, statistics = step(model, torch.float64, pixels, labels, 0.1)
    rough_loss, rough, _ = step(model, torch.float32, pixels, labels, 0.1)
    distance = max(float((gradients[key] - rough[key]).abs().max()) for key in gradients)
    assert distance < 2e-6, f"{name}: draw again, float32's gradients are {distance} away: a kink was crossed"
    arrays = state(model) | {"labels": labels}
    arrays |= {f"gradients/{key}": value for key, value in gradients.items()}
    arrays |= {f"statistics/{key}": value for key, value in statistics.items()}
    sizes = {"count": count, "imageHeight": height, "imageWidth": width, "loss": loss}
    rounding = {"float32Loss": abs(loss - rough_loss), "float32Gradients": distance}
    print(f"{name}: {sum(value.numel() for value in gradients.values())} parameters, loss {loss:.4f}, {rounding}")
    return {
        "name": name, "numbers": numbers(**options) | sizes | rounding,
        "arrays": {key: stored(value) for key, value in arrays.items()},
    }


def released(folder):
    """Runs the released W-Net on the recorded image."""
    checkpoint = torch.load(folder / "weights/wnet_drive.pth", map_location="cpu", weights_only=False)
    model = WNet(3, 1, (8, 16, 32))
    model.load_state_dict(checkpoint["model_state_dict"])
    recorded = numpy.load(folder / "reference/wnet_retina.npz")
    with torch.no_grad():
        made = model.eval()(torch.from_numpy(recorded["image_nchw"]))
    for logits, key in zip(made, ("logits_first", "logits_second")):
        distance = float(numpy.abs(logits.numpy() - recorded[key]).max())
        print(f"{key}: within {distance:.1e}, magnitude up to {numpy.abs(recorded[key]).max():.1f}")
        assert distance < 1e-5


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=pathlib.Path)
    data = parser.parse_args().data
    torch.set_num_threads(1)
    if data:
        released(data)
    torch.manual_seed(SEED)
    cases = [
        forward("unet-whole", UNet, [(2, 12, 20), (1, 4, 8)], inputs=3, classes=1, widths=(5, 6, 9)),
        forward("unet-plain", UNet, [(2, 24, 16)], inputs=2, classes=3, widths=(4, 3, 7, 6), shortcut=False, bridge=False),
        forward("unet-shortcut", UNet, [(3, 6, 10)], inputs=4, classes=2, widths=(7, 5), bridge=False),
        forward("unet-one-stage", UNet, [(2, 5, 3)], inputs=3, classes=4, widths=(6,)),
        forward("wnet", WNet, [(2, 12, 20), (1, 8, 4)], inputs=3, classes=2, widths=(4, 5, 8)),
        training("train-unet", UNet, 3, 12, 8, inputs=3, classes=3, widths=(4, 5, 7)),
        training("train-plain", UNet, 2, 6, 10, inputs=2, classes=2, widths=(3, 5), shortcut=False, bridge=False),
        training("train-wnet", WNet, 2, 6, 8, inputs=3, classes=2, widths=(3, 4)),
    ]
    manifest = {
        "script": "Tests/Fixtures/generate/segmentation_models.py", "python": platform.python_version(), "seed": SEED,
        "torch": torch.__version__.split("+")[0], "numpy": numpy.__version__,
    }
    text = '{"manifest": ' + json.dumps(manifest) + ', "cases": [\n'
    text += ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]}\n"
    FILE.write_text(text, encoding="ascii")
    print(f"{FILE.name}: {len(text)} bytes")


if __name__ == "__main__":
    main()
