"""Writes Tests/Fixtures/Imaging/segmentation.json: maps and masks as scikit-image, SciPy, Pillow and PyTorch treat them.

    python Tests/Fixtures/generate/segmentation_maps.py

needs scikit-image, scipy, pillow, numpy and torch.
"""

import base64
import json
import pathlib
import platform

import numpy as np
import PIL
import scipy
import scipy.ndimage
import skimage
import torch
from PIL import Image
from skimage.measure import regionprops
from skimage.transform import resize
from skimage.util import img_as_ubyte

OUT = pathlib.Path(__file__).resolve().parents[1] / "Imaging" / "segmentation.json"
SEED = 20
random = np.random.default_rng(SEED)


def stored(array):
    values = np.asarray(array).astype("<f4")
    return {"shape": list(values.shape), "float32": base64.b64encode(values.tobytes()).decode("ascii")}


def case(name, arrays, **numbers):
    return {"name": name, "numbers": numbers, "arrays": {key: stored(value) for key, value in arrays.items()}}


def probabilities(height, width):
    """A probability map with flat parts at 0 and 1, where splines overshoot."""
    return np.clip(random.normal(0.4, 0.5, (height, width)), 0, 1).astype(np.float32)


# Enlarging, shrinking, one dimension only, one enlarged and one shrunk, single rows, columns and pixels.
SIZES = [
    ((7, 5), (13, 9)), ((64, 64), (71, 69)), ((31, 44), (57, 58)), ((23, 17), (23, 31)), ((23, 17), (40, 17)),
    ((29, 37), (11, 13)), ((29, 37), (29, 16)), ((29, 37), (9, 37)), ((29, 37), (41, 15)), ((29, 37), (28, 36)),
    ((1, 9), (1, 20)), ((9, 1), (20, 1)), ((1, 9), (4, 20)), ((9, 1), (20, 3)), ((1, 1), (3, 5)), ((2, 3), (7, 11)),
    ((6, 2), (1, 1)), ((40, 3), (2, 2)), ((5, 60), (3, 4)), ((13, 8), (13, 8)),
]


def resized(name, x, target):
    """`spline` is computed in float64; `spline32`, where it differs, in the float32 that scikit-image keeps a map in."""
    spline, spline32 = resize(x.astype(np.float64), target, order=3), resize(x, target, order=3)
    assert spline32.dtype == np.float32
    bilinear = torch.nn.functional.interpolate(torch.from_numpy(x)[None, None], size=target, mode="bilinear",
                                               align_corners=False, antialias=False)[0, 0].numpy()
    arrays = {"x": x, "spline": spline, "bilinear": bilinear}
    if (spline.astype(np.float32) != spline32).any():
        arrays["spline32"] = spline32
    return case(name, arrays)


def resizes():
    for source, target in SIZES:
        yield resized(f"resize-{source[0]}x{source[1]}-to-{target[0]}x{target[1]}", probabilities(*source), target)
    yield resized("resize-logits", random.normal(-3, 9, (19, 26)).astype(np.float32), (33, 21))


def nearest():
    """Every size to every size along each axis; the labels count the pixels, so that each tells where it came from."""
    for count in (1, 2, 3, 7, 10, 12, 35, 49, 64):
        lines, sizes = [], [1, 2, 3, 5, 6, 7, 11, 14, 20, 21, 30, 49, 64, 70, 83, 98]
        for size in sizes:
            row = Image.fromarray(np.arange(count, dtype=np.int32)[None])
            column = Image.fromarray(np.arange(count, dtype=np.int32)[:, None])
            along = np.asarray(row.resize((size, 1), Image.Resampling.NEAREST)).ravel()
            down = np.asarray(column.resize((1, size), Image.Resampling.NEAREST)).ravel()
            assert (along == down).all()
            lines += along.tolist()
        yield case(f"nearest-{count}", {"sizes": sizes, "y": lines})
    labels = random.integers(0, 256, (11, 17)).astype(np.uint8)
    resized = Image.fromarray(labels).resize((24, 7), Image.Resampling.NEAREST)
    yield case("nearest-plane", {"x": labels, "y": np.asarray(resized)})


def boxes():
    for index, (height, width) in enumerate([(9, 13), (14, 6), (1, 7), (8, 1), (12, 12)]):
        mask = (random.random((height, width)) < 0.06).astype(np.uint8) * 255
        mask[random.integers(height), random.integers(width)] = 1
        top, left, bottom, right = regionprops((mask != 0).astype(int))[0].bbox
        yield case(f"box-{index}", {"x": mask}, left=left, top=top, width=right - left, height=bottom - top)


def fields():
    """The largest region above a threshold, its holes filled."""
    for index, (height, width, share) in enumerate(
            [(17, 23, 0.5), (23, 17, 0.62), (30, 41, 0.58), (9, 14, 0.85), (6, 5, 0.2), (1, 19, 0.6), (12, 7, 1.0)]):
        bright = random.random((height, width)) < share
        image = np.where(bright[..., None], 0, random.integers(0, 11, (height, width, 3)))
        for y, x in np.argwhere(bright):
            image[y, x, random.integers(3)] = random.integers(11, 256)
        regions, _ = scipy.ndimage.label(bright)
        sizes = np.bincount(regions.ravel())
        sizes[0] = 0
        field = scipy.ndimage.binary_fill_holes(regions == sizes.argmax())
        yield case(f"field-{index}", {"image": image, "y": field})


def bytes_of_probabilities():
    """8 and 16 bits: scikit-image's conversion rounds half to even, the other column rounds half up."""
    steps = np.concatenate([np.arange(256) / 255, (np.arange(255) + 0.5) / 255, random.random(200)]).astype(np.float32)
    yield case("ubyte", {"x": steps, "ubyte": img_as_ubyte(steps),
                         "uint16": skimage.util.img_as_uint(steps),
                         "byte_half_up": np.floor(steps.astype(np.float64) * 255 + 0.5),
                         "uint16_half_up": np.floor(steps.astype(np.float64) * 65535 + 0.5)})


def main():
    manifest = {
        "script": "Tests/Fixtures/generate/segmentation_maps.py", "seed": SEED, "python": platform.python_version(),
        "scikit-image": skimage.__version__, "scipy": scipy.__version__, "pillow": PIL.__version__,
        "numpy": np.__version__, "torch": torch.__version__.split("+")[0],
    }
    sources = [resizes, nearest, boxes, fields, bytes_of_probabilities]
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for source in sources for entry in source())
    OUT.write_text('{"manifest": ' + json.dumps(manifest) + ', "cases": [\n' + lines + "\n]}\n", encoding="ascii")


if __name__ == "__main__":
    main()
