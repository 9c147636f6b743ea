"""Writes Tests/Fixtures/Imaging/joint.json: how Pillow moves the pixels of masks.

    python Tests/Fixtures/generate/joint_augmentation.py

needs pillow and numpy. Nothing is random: a mask holds 0, 60, 120, 180 and 240, made from the red channel of
`picture` of `imaging.py`; what a rotation brings in is 255.
"""

import json
import pathlib
import sys

import numpy as np
import PIL
from PIL import Image, ImageOps

from augmentation import ANGLES, IMAGES, case

OUT = pathlib.Path(__file__).resolve().parents[1] / "Imaging" / "joint.json"
NEAREST = Image.Resampling.NEAREST
OUTSIDE = 255
# Also angles whose pixels lie on the edges between others, or close to them.
MORE_ANGLES = [30, 60, -45, 36.86989764584402, 53.13010235415598, 0.01, -179.99, 17.1, -22.5, 26.56505117707799]
# Image, rectangle, output width and height, flips, angle.
JOINT = [
    ("large", (31, 11, 180, 149), (112, 97), True, False, None),
    ("large", (1, 2, 50, 158), (112, 40), False, True, 12.5),
    ("large", (17, 40, 64, 48), (64, 48), True, True, -33.3),
    ("large", (0, 0, 211, 160), (96, 64), False, False, 171.0),
    ("odd", (3, 2, 17, 11), (23, 16), True, False, 45), ("odd", (22, 15, 1, 1), (4, 3), False, True, 7.0),
    ("odd", (20, 0, 3, 16), (11, 2), True, True, None),
]


def mask(name):
    return Image.fromarray(IMAGES[name][:, :, 0] % 5 * 60)


def rotations():
    for name in ("small", "odd", "square", "large", "pixel", "narrow"):
        for angle in ANGLES + MORE_ANGLES:
            yield case("rotate", name, [angle], mask(name).rotate(angle, NEAREST, fillcolor=OUTSIDE), name == "small")


def joint():
    for name, (left, top, width, height), size, left_right, top_bottom, angle in JOINT:
        image = mask(name).crop((left, top, left + width, top + height)).resize(size, NEAREST)
        if left_right:
            image = ImageOps.mirror(image)
        if top_bottom:
            image = ImageOps.flip(image)
        if angle is not None:
            image = image.rotate(angle, NEAREST, fillcolor=OUTSIDE)
        numbers = [left, top, width, height, left_right, top_bottom] + ([] if angle is None else [angle])
        yield case("joint", name, numbers, image, name == "odd")


def main():
    manifest = {
        "script": "Tests/Fixtures/generate/joint_augmentation.py", "seed": "none: nothing is random",
        "versions": {"python": sys.version.split()[0], "pillow": PIL.__version__, "numpy": np.__version__},
    }
    cases = [*rotations(), *joint()]
    OUT.write_text(json.dumps({"manifest": manifest, "cases": cases}, indent=1) + "\n")
    print(len(cases), OUT.stat().st_size)


if __name__ == "__main__":
    main()
