"""Writes Tests/Fixtures/Imaging/augmentation.json: what Pillow and torchvision make of small images.

    python Tests/Fixtures/generate/augmentation.py

needs pillow, numpy, torch and torchvision. Nothing is random: every pixel comes from `picture` of
`imaging.py` or from `colours`, and every operation has the parameters that are recorded with it.
"""

import base64
import json
import pathlib
import sys

import numpy as np
import PIL
import torch
import torchvision
from PIL import Image, ImageEnhance, ImageOps
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

from imaging import checksum, picture

OUT = pathlib.Path(__file__).resolve().parents[1] / "Imaging" / "augmentation.json"
RESAMPLING = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def colours():
    """289 × 17 pixels: 17 steps of each channel in every combination, the ends included."""
    steps = np.minimum(np.arange(17) * 16, 255)
    red, green, blue = np.meshgrid(steps, steps, steps, indexing="ij")
    return np.stack([red, green, blue], axis=-1).reshape(17, 289, 3).astype(np.uint8)


def case(operation, image, parameters, result, keeps_pixels=True):
    entry = {"operation": operation, "image": image, "parameters": [float(p) for p in parameters]}
    result = np.asarray(result)
    entry["size"] = [result.shape[1], result.shape[0]]
    entry["checksum"] = checksum(result)
    if keeps_pixels:
        entry["pixels"] = base64.b64encode(result.tobytes()).decode()
    return entry


IMAGES = {
    "small": picture(13, 9), "odd": picture(23, 16), "square": picture(17, 17),
    "large": picture(211, 160), "colours": colours(), "grey": np.full((5, 7, 3), 77, np.uint8),
    "dim": picture(19, 12) // 3 + 40, "pixel": picture(1, 1), "narrow": picture(3, 5),
}


def each(names):
    for name in names:
        yield name, Image.fromarray(IMAGES[name]), name in ("small", "odd", "square", "dim", "grey")


FACTORS = [0.0, 0.1, 0.70710678, 0.9, 1.0, 1.1, 1.61803399, 3.0]
HUES = [-0.5, -0.31, -0.003, 0.0, 0.05, 0.1, 0.4999, 0.5]


def colour_steps():
    steps = {"brightness": F.adjust_brightness, "contrast": F.adjust_contrast,
             "saturation": F.adjust_saturation}
    for operation, step in steps.items():
        for name, image, _ in each(["small", "large", "colours", "grey", "pixel"]):
            for factor in FACTORS:
                yield case(operation, name, [factor], step(image, factor), name == "small")
    for name, image, _ in each(["small", "large", "colours", "grey"]):
        for factor in HUES:
            yield case("hue", name, [factor], F.adjust_hue(image, factor), name == "small")


CROPS = [  # image, left, top, width, height, output width and height
    ("odd", 0, 0, 23, 16, 23, 16), ("odd", 3, 2, 17, 11, 23, 16), ("odd", 6, 5, 17, 11, 9, 12),
    ("odd", 22, 15, 1, 1, 4, 3), ("odd", 0, 9, 23, 7, 23, 16), ("odd", 20, 0, 3, 16, 11, 2),
    ("large", 31, 11, 180, 149, 112, 97), ("large", 1, 2, 50, 158, 112, 40),
]


def crops():
    modes = {"bilinear": InterpolationMode.BILINEAR, "bicubic": InterpolationMode.BICUBIC}
    for name, left, top, width, height, to_width, to_height in CROPS:
        image = Image.fromarray(IMAGES[name])
        for mode, interpolation in modes.items():
            result = F.resized_crop(
                image, top, left, height, width, [to_height, to_width], interpolation)
            yield case(f"crop-{mode}", name, [left, top, width, height], result, name == "odd")


def flips():
    for name, image, keeps in each(["small", "odd", "large", "pixel"]):
        yield case("flip-horizontal", name, [], F.hflip(image), keeps)
        yield case("flip-vertical", name, [], F.vflip(image), keeps)


ANGLES = [0, 0.25, 7.3, -30, 45, 90, -90, 180, 270, 359.9, 123.456, -180]


def rotations():
    for resampling, filter in RESAMPLING.items():
        for name, image, keeps in each(["small", "odd", "square", "large", "pixel"]):
            for angle in ANGLES:
                yield case(f"rotate-{resampling}", name, [angle], image.rotate(angle, filter),
                           keeps and name == "small")
        filled = Image.fromarray(IMAGES["odd"]).rotate(20, filter, fillcolor=(124, 116, 104))
        yield case(f"rotate-filled-{resampling}", "odd", [20], filled)


BLURS = [(1, 1.0), (3, 0.1), (3, 0.8), (5, 1.1), (9, 2.0), (13, 0.5), (13, 2.0)]


def blurs():
    for name in ("odd", "square"):
        tensor = torch.from_numpy(IMAGES[name].copy()).permute(2, 0, 1)
        for size, sigma in BLURS:
            result = F.gaussian_blur(tensor, [size, size], [sigma, sigma])
            yield case("blur", name, [sigma, size], result.permute(1, 2, 0).numpy())


def point(image, table):
    return image.point([max(0, min(int(v), 255)) for v in table] * 3)


def tones():
    """The operations of timm's RandAugment, written with Pillow."""
    for name, image, keeps in each(
            ["small", "large", "colours", "grey", "dim", "pixel", "narrow"]):
        keeps = keeps and name == "dim"
        yield case("autoContrast", name, [], ImageOps.autocontrast(image), keeps)
        yield case("equalize", name, [], ImageOps.equalize(image), keeps)
        yield case("invert", name, [], ImageOps.invert(image), keeps)
        for bits in (1, 2, 4, 8):
            yield case("posterize", name, [bits], ImageOps.posterize(image, bits), keeps)
        for threshold in (0, 26, 128, 256):
            yield case("solarize", name, [threshold], ImageOps.solarize(image, threshold), keeps)
        for amount in (0, 55, 110):
            table = [min(255, i + amount) if i < 128 else i for i in range(256)]
            yield case("solarizeAdd", name, [amount], point(image, table), keeps)
        for factor in FACTORS:
            result = ImageEnhance.Sharpness(image).enhance(factor)
            yield case("sharpness", name, [factor], result, keeps)


def shapes():
    fill = (124, 116, 104)
    for resampling, filter in RESAMPLING.items():
        for name, image, keeps in each(["odd", "large", "pixel"]):
            width, height = image.size
            for share in (-0.27, 0.1, 0.405):
                matrices = {
                    "shearX": (1, share, 0, 0, 1, 0), "shearY": (1, 0, 0, share, 1, 0),
                    "translateX": (1, 0, share * width, 0, 1, 0),
                    "translateY": (1, 0, 0, 0, 1, share * height),
                }
                for operation, matrix in matrices.items():
                    result = image.transform(
                        image.size, Image.Transform.AFFINE, matrix, filter, fillcolor=fill)
                    yield case(f"{operation}-{resampling}", name, [share], result, False)


def main():
    manifest = {
        "script": "Tests/Fixtures/generate/augmentation.py", "seed": "none: nothing is random",
        "versions": {"python": sys.version.split()[0], "pillow": PIL.__version__,
                     "numpy": np.__version__, "torch": torch.__version__,
                     "torchvision": torchvision.__version__},
    }
    sources = [colour_steps, crops, flips, rotations, blurs, tones, shapes]
    cases = [entry for source in sources for entry in source()]
    OUT.write_text(json.dumps({"manifest": manifest, "cases": cases}, indent=1) + "\n")


if __name__ == "__main__":
    main()
