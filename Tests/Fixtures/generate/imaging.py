"""Writes Tests/Fixtures/Imaging: small image files of every kind and what Pillow makes of them.

    VBENCH_DATA=… python Tests/Fixtures/generate/imaging.py

needs pillow, numpy, torch and torchvision. `imaging_files.py` beside it writes the kinds of PNG and
TIFF that Pillow reads but can't write. Nothing is random: every pixel comes from `picture`.
"""

import base64
import io
import json
import os
import pathlib
import sys
import zlib

import numpy as np
import PIL
import torch
import torchvision
from PIL import Image, ImageOps, features
from torchvision.transforms import v2

from imaging_files import patched_gif, png, tiff

OUT = pathlib.Path(__file__).resolve().parents[1] / "Imaging"
FILES = OUT / "files"
BICUBIC, BILINEAR = Image.Resampling.BICUBIC, Image.Resampling.BILINEAR
INTERPOLATIONS = {"bicubic": BICUBIC, "bilinear": BILINEAR}


def picture(width, height, channels=3, bits=8):
    """A picture that `generatedImage` in ImagingTests computes alike: ramps, stripes, noise."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    value = x * 37 + y * 101 + c * 59 + ((x * y) >> 3) * 13 + (x ^ y) * 7
    value = np.where((x // 5 + y // 3) % 4 == 0, value * 29 + 128, value)
    value = value & 255
    if bits == 16:
        value = value * 257 ^ (x * 31 + y * 17 & 255)
    return value.astype(np.uint16 if bits == 16 else np.uint8)


def smooth(width, height):
    """A picture that JPEG compresses well."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return ((np.sin(x / 5 + c) + np.cos(y / 4 - c)) * 60 + 127).astype(np.uint8)


def encode(array, **options):
    stream = io.BytesIO()
    image = array if isinstance(array, Image.Image) else Image.fromarray(array)
    image.save(stream, **options)
    return stream.getvalue()


def oriented(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def jpegs():
    color = smooth(45, 35)
    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        yield f"jpeg-{name}", encode(color, format="JPEG", quality=85, subsampling=subsampling)
    yield "jpeg-progressive", encode(color, format="JPEG", quality=85, progressive=True)
    yield "jpeg-restarts", encode(color, format="JPEG", quality=85, restart_marker_blocks=1)
    yield "jpeg-grey", encode(color[:, :, 0], format="JPEG", quality=85)
    yield "jpeg-cmyk", encode(Image.fromarray(color).convert("CMYK"), format="JPEG", quality=85)
    yield "jpeg-rgb", encode(color, format="JPEG", quality=85, keep_rgb=True)
    yield "jpeg-1x1", encode(color[:1, :1], format="JPEG")
    yield "jpeg-wide", encode(smooth(97, 3), format="JPEG", quality=80)
    for value in range(1, 9):
        yield f"jpeg-exif-{value}", encode(
            smooth(13, 7), format="JPEG", quality=90, exif=oriented(value))


def pngs():
    palette = [tuple(int(v) for v in row) for row in picture(16, 16).reshape(-1, 3)]
    for interlaced in (False, True):
        tail = "-interlaced" if interlaced else ""
        for bits in (1, 2, 4, 8, 16):
            grey = picture(13, 9, 1, bits)
            grey = grey if bits >= 8 else grey >> (8 - bits)
            yield f"png-grey-{bits}{tail}", png(grey, bits, 0, interlaced)
        for bits in (1, 2, 4, 8):
            index = picture(13, 9, 1) >> (8 - bits)
            yield f"png-palette-{bits}{tail}", png(
                index, bits, 3, interlaced, palette[: 1 << bits], bytes([0, 128]))
        for bits in (8, 16):
            yield f"png-grey-alpha-{bits}{tail}", png(picture(13, 9, 2, bits), bits, 4, interlaced)
            yield f"png-rgb-{bits}{tail}", png(picture(13, 9, 3, bits), bits, 2, interlaced)
            yield f"png-rgba-{bits}{tail}", png(picture(13, 9, 4, bits), bits, 6, interlaced)
    yield "png-1x1", png(picture(1, 1), 8, 2)
    for value in (1, 3, 6, 8):
        yield f"png-exif-{value}", encode(picture(7, 4), format="PNG", exif=oriented(value))


def tiffs():
    color = picture(21, 14)
    image = Image.fromarray(color)
    for compression in (None, "tiff_lzw", "tiff_adobe_deflate", "packbits"):
        yield f"tiff-rgb-{compression or 'raw'}", encode(
            image, format="TIFF", compression=compression, tiffinfo={278: 5})
    yield "tiff-jpeg", encode(
        Image.fromarray(smooth(40, 24)), format="TIFF", compression="jpeg", quality=90)
    yield "tiff-bilevel-group4", encode(
        Image.fromarray(picture(21, 14, 1)[:, :, 0] > 127), format="TIFF", compression="group4")
    yield "tiff-palette", encode(image.quantize(17), format="TIFF")
    yield "tiff-cmyk", encode(image.convert("CMYK"), format="TIFF")
    for value in range(1, 9):
        yield f"tiff-orientation-{value}", encode(
            Image.fromarray(picture(7, 4)), format="TIFF", tiffinfo={274: value})
    grey, wide = picture(21, 14, 1), picture(21, 14, 1, 16)
    yield "tiff-grey-16", tiff(wide, 16, 1)
    yield "tiff-grey-16-big-endian", tiff(wide, 16, 1, order=">")
    yield "tiff-grey-16-tiled", tiff(wide, 16, 1, tile=16)
    yield "tiff-white-is-zero", tiff(grey, 8, 0)
    for bits in (1, 2, 4):
        yield f"tiff-grey-{bits}", tiff(grey >> (8 - bits), bits, 1, rows_per_strip=4)
        yield f"tiff-white-is-zero-{bits}", tiff(grey >> (8 - bits), bits, 0)
        yield f"tiff-palette-{bits}", tiff(grey >> (8 - bits), bits, 3)
    yield "tiff-rgb-tiled", tiff(color, 8, 2, tile=16)
    yield "tiff-rgb-tiled-deflate", tiff(color, 8, 2, tile=16, deflate=True)
    yield "tiff-rgb-big-endian", tiff(color, 8, 2, order=">", rows_per_strip=3)
    yield "tiff-rgb-16", tiff(picture(21, 14, 3, 16), 16, 2, rows_per_strip=6)
    yield "tiff-rgb-16-big-endian", tiff(picture(21, 14, 3, 16), 16, 2, order=">")
    yield "tiff-rgb-planes", tiff(color, 8, 2, separate=True, rows_per_strip=5)
    yield "tiff-rgba", tiff(picture(21, 14, 4), 8, 2, extra=2)
    yield "tiff-rgba-premultiplied", tiff(picture(21, 14, 4), 8, 2, extra=1)
    yield "tiff-rgb-unused", tiff(picture(21, 14, 4), 8, 2, extra=0)
    yield "tiff-grey-alpha", tiff(picture(21, 14, 2), 8, 1, extra=2)


def gifs():
    image = Image.fromarray(picture(19, 12)).quantize(30)
    yield "gif", encode(image, format="GIF", interlace=0)
    yield "gif-interlaced", encode(image, format="GIF", interlace=1)
    yield "gif-transparent", encode(image, format="GIF", transparency=5)
    yield "gif-grey", encode(picture(19, 12, 1)[:, :, 0], format="GIF")
    other = Image.fromarray(picture(19, 12)[::-1].copy()).quantize(30)
    yield "gif-animated", encode(image, format="GIF", save_all=True, append_images=[other])
    yield "gif-small-frame", patched_gif(encode(image, format="GIF"), 25, 18, 3, 2)
    yield "gif-small-frame-transparent", patched_gif(
        encode(image, format="GIF", transparency=5), 25, 18, 3, 2)
    yield "gif-large-frame", patched_gif(encode(image, format="GIF"), 10, 6, 0, 0)


def text(data):
    return base64.b64encode(data).decode()


def decoded():
    """Every file, and the pixels of Pillow's exif_transpose and convert("RGB")."""
    entries = []
    for source in (jpegs, pngs, tiffs, gifs):
        for name, data in source():
            (FILES / name).write_bytes(data)
            image = Image.open(io.BytesIO(data))
            mode = image.mode
            image = ImageOps.exif_transpose(image)
            entry = {"name": name, "mode": mode, "width": image.width, "height": image.height}
            entry["rgb"] = text(np.asarray(image.convert("RGB")).tobytes())
            if mode in ("L", "P", "1", "I;16", "I;16B"):
                samples = np.asarray(image.convert("L") if mode == "1" else image)
                entry["grey"] = text(samples.astype("<u2").tobytes())
            entries.append(entry)
    return entries


def checksum(array):
    return zlib.crc32(np.ascontiguousarray(array).tobytes())


SIZES = [  # input width and height, output width and height, box
    (37, 23, 11, 7, None), (37, 23, 80, 61, None), (37, 23, 37, 9, None), (37, 23, 12, 23, None),
    (37, 23, 37, 23, None), (1, 1, 5, 4, None), (1, 19, 6, 5, None), (19, 1, 5, 6, None),
    (64, 48, 1, 1, None), (3, 200, 2, 3, None), (200, 3, 3, 2, None), (127, 131, 33, 17, None),
    (513, 257, 224, 224, None), (224, 224, 518, 518, None), (5, 5, 224, 224, None),
    (37, 23, 16, 16, (3, 2, 31, 20)), (37, 23, 40, 30, (5, 4, 20, 19)),
    (127, 131, 31, 33, (0.5, 10.25, 100.75, 131)), (64, 48, 64, 48, (0, 1, 64, 48)),
    (60, 200, 40, 30, None), (60, 60, 45, 30, None), (60, 60, 46, 30, None),
    (60, 90, 80, 70, None), (60, 90, 80, 100, None), (74, 78, 70, 49, (54, 31, 64, 43)),
    (60, 78, 15, 8, (40, 62, 47, 71)), (4288, 2848, 224, 224, None), (1411, 1411, 224, 224, None), (2848, 4288, 224, 512, None),
]


def resized():
    entries = []
    for width, height, to_width, to_height, box in SIZES:
        image = Image.fromarray(picture(width, height))
        for name, filter in INTERPOLATIONS.items():
            result = image.resize((to_width, to_height), filter, box=box)
            entries.append({
                "input": [width, height], "output": [to_width, to_height], "box": box,
                "interpolation": name, "checksum": checksum(np.asarray(result)),
                "first": np.asarray(result).ravel()[:12].tolist(),
            })
    return entries


CROPS = [(300, 200, 256, 224, 224), (300, 500, 256, 224, 224), (201, 300, 232, 224, 224), (97, 51, 64, 33, 50),
         (50, 97, 64, 64, 64), (40, 31, 90, 71, 84)]


def cropped():
    """torchvision's Resize and CenterCrop on Pillow images."""
    entries = []
    for width, height, side, to_width, to_height in CROPS:
        transform = v2.Compose([
            v2.Resize(side, interpolation=v2.InterpolationMode.BICUBIC),
            v2.CenterCrop((to_height, to_width)),
        ])
        result = transform(Image.fromarray(picture(width, height)))
        entries.append({"input": [width, height], "side": side, "output": [to_width, to_height],
                        "checksum": checksum(np.asarray(result))})
    return entries


NORMALIZATIONS = {
    "vilref": ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)),
    "imagenet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
}


def normalized():
    """Every 8-bit value of every channel through torchvision's to_tensor and normalize."""
    values = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)[None]
    entries = {}
    for name, (mean, deviation) in NORMALIZATIONS.items():
        tensor = torchvision.transforms.functional.to_tensor(values)
        tensor = torchvision.transforms.functional.normalize(tensor, mean, deviation)
        entries[name] = text(tensor.permute(1, 2, 0).numpy().astype("<f4").tobytes())
    return entries


PHOTOGRAPHS = ["retina.jpg"] + [
    f"IDRiD/B. Disease Grading/1. Original Images/{part}"
    for part in ("b. Testing Set/IDRiD_001.jpg", "b. Testing Set/IDRiD_018.jpg",
                 "a. Training Set/IDRiD_015.jpg", "a. Training Set/IDRiD_142.jpg")]


def photographs(folder):
    """Checksums of real photographs, decoded and resized; the photographs stay where they are."""
    entries = []
    for name in PHOTOGRAPHS:
        image = Image.open(folder / name).convert("RGB")
        entries.append({"name": name, "decoded": checksum(np.asarray(image)),
                        "resized": checksum(np.asarray(image.resize((224, 224), BICUBIC)))})
    return entries


def main():
    FILES.mkdir(parents=True, exist_ok=True)
    for old in FILES.iterdir():
        old.unlink()
    manifest = {
        "script": "Tests/Fixtures/generate/imaging.py", "seed": "none: nothing is random",
        "versions": {
            "python": sys.version.split()[0], "pillow": PIL.__version__,
            "libjpeg-turbo": features.version("libjpeg_turbo"), "numpy": np.__version__,
            "libtiff": features.version("libtiff"), "torch": torch.__version__,
            "torchvision": torchvision.__version__,
        },
    }
    document = {"manifest": manifest, "decoded": decoded(), "resized": resized(),
                "cropped": cropped(), "normalized": normalized()}
    if "VBENCH_DATA" in os.environ:
        document["photographs"] = photographs(pathlib.Path(os.environ["VBENCH_DATA"]))
    (OUT / "expected.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
