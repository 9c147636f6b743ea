"""Makes Tests/Fixtures/Evaluation/drive: a twin of DRIVE and what the W-Net's protocol makes of it.

    pip install torch numpy pillow scikit-image scikit-learn
    python Tests/Fixtures/generate/evaluation_drive.py

The twin has DRIVE's folders, names and formats and eight drawings of 61 × 57 pixels in place of its forty photographs. A
small W-Net is trained on four of them, so that its probabilities spread over 0...1, and its weights are rounded to
float16; `wnet.pth` has the layout of the released checkpoint.

`reference.json` and `maps` are what the released code of Galdran et al. 2020 ("The Little W-Net That Could") does,
written here from its description, step by step and with the libraries that it uses:

1. the field of view's bounding box (`skimage.measure.regionprops`), cut out of the photograph;
2. resized to the network's input (Pillow, bilinear), divided by 255;
3. the sigmoid of the second net's logits, averaged over the four mirror images;
4. resized back (`skimage.transform.resize`, order 3), pasted into zeros, zero outside the field of view;
5. stored as a PNG of 8 bits (`img_as_ubyte`), read back (`img_as_float`);
6. the pixels inside the field of view of all photographs of a split, pooled;
7. of `numpy.linspace(0, 1, 256)` the first threshold that has the highest Dice on the training photographs, where
   `probability > threshold` decides;
8. at it, Dice, sensitivity, specificity and accuracy of the test photographs; areas by scikit-learn.

The network runs in float64. `near` lists the pixels whose probability lies within 0.001 levels of a rounding boundary:
there alone may another order of summation store another level. `float32` counts how many levels differ where PyTorch
runs the network in float32, as the released code does.
"""

import base64
import copy
import hashlib
import json
import pathlib
import shutil

import numpy
import PIL
import skimage
import sklearn
import torch
from PIL import Image, ImageDraw
from skimage import img_as_float, img_as_ubyte
from skimage.measure import regionprops
from skimage.transform import resize
from sklearn.metrics import accuracy_score, average_precision_score, confusion_matrix, f1_score, roc_auc_score
from torch.nn import functional

from segmentation_models import WNet

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "Evaluation" / "drive"
SEED = 20295
WIDTH, HEIGHT, INPUT = 61, 57, 48
WIDTHS = (3, 4, 5)
STEPS = 320
NEAR = 1e-3
SPLITS = {"training": (21, 22, 23, 24), "test": (1, 2, 3, 4)}

random = numpy.random.default_rng(SEED)


# The twin


def field(number):
    """A camera's field of view: an ellipse that differs in size and place from photograph to photograph."""
    rows, columns = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    left, top = (29.0 + number % 3, 27.5 + number % 2)
    across, down = (28.3 - number % 2, 26.2 - number % 3 / 2)
    return ((columns - left) / across) ** 2 + ((rows - top) / down) ** 2 <= 1


def vessels():
    """Four bent lines, drawn at eight times the size; what they cover at least half is a vessel."""
    scale = 8
    canvas = Image.new("L", (WIDTH * scale, HEIGHT * scale))
    draw = ImageDraw.Draw(canvas)
    for width in (1.4, 2.0, 2.6, 3.4):
        start, bend, end = random.uniform((0, 0), (WIDTH, HEIGHT), (3, 2))
        along = numpy.linspace(0, 1, 60)[:, None]
        line = ((1 - along) ** 2 * start + 2 * along * (1 - along) * bend + along**2 * end) * scale
        for x, y in line:
            radius = width * scale / 2
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return numpy.asarray(canvas).reshape(HEIGHT, scale, WIDTH, scale).mean((1, 3)) / 255


def photograph(cover, inside):
    """Dark lines on an orange ground that darkens to the edge, grain, and a camera's black outside."""
    rows, columns = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    shade = 1 - ((columns - WIDTH / 2) ** 2 + (rows - HEIGHT / 2) ** 2) / 2600
    ground = shade[..., None] * numpy.array([196.0, 104.0, 52.0])
    contrast = random.uniform(0.12, 0.32)
    picture = ground * (1 - contrast * cover[..., None]) + random.normal(0, 9, (HEIGHT, WIDTH, 1))
    picture = numpy.where(inside[..., None], picture, random.integers(0, 4, (HEIGHT, WIDTH, 1)))
    # Even levels only: the files become smaller.
    return (numpy.clip(picture, 0, 255) / 2).astype(numpy.uint8) * 2


def draw_twin():
    for split, numbers in SPLITS.items():
        for place in ("images", "1st_manual", "mask"):
            (FOLDER / split / place).mkdir(parents=True)
        for number in numbers:
            name, inside, cover = f"{number:02}", field(number), vessels()
            image = Image.fromarray(photograph(cover, inside))
            image.save(
                FOLDER / split / "images" / f"{name}_{split}.tif",
                compression="raw" if number == 1 else "tiff_lzw",
            )
            for path, mask in (
                (f"1st_manual/{name}_manual1.gif", (cover >= 0.5) & inside),
                (f"mask/{name}_{split}_mask.gif", inside),
            ):
                Image.fromarray(mask.astype(numpy.uint8) * 255).save(FOLDER / split / path)


class Photograph:
    """One photograph's files, read as the released code reads them."""

    def __init__(self, split, number):
        name = f"{number:02}"
        folder = FOLDER / split
        self.id = f"{'train' if split == 'training' else 'test'}/{name}_{split}"
        self.name = f"{name}_{split}"
        self.image = numpy.array(Image.open(folder / "images" / f"{self.name}.tif"))
        self.truth = numpy.array(Image.open(folder / "1st_manual" / f"{name}_manual1.gif")).astype(bool)
        self.field = numpy.array(Image.open(folder / "mask" / f"{self.name}_mask.gif").convert("L")).astype(bool)
        self.box = regionprops(self.field.astype(int))[0].bbox
        top, left, bottom, right = self.box
        cut = Image.fromarray(self.image[top:bottom, left:right])
        self.resized = numpy.array(cut.resize((INPUT, INPUT), Image.Resampling.BILINEAR))

    @property
    def tensor(self):
        return torch.from_numpy(self.resized).permute(2, 0, 1)[None].float() / 255


# The network


def trained(photographs):
    """A W-Net that was trained for a little while, its weights rounded to float16."""
    torch.manual_seed(SEED)
    model = WNet(3, 1, WIDTHS)
    images = torch.cat([photograph.tensor for photograph in photographs])
    truths = []
    for photograph in photographs:
        top, left, bottom, right = photograph.box
        mask = Image.fromarray(photograph.truth[top:bottom, left:right].astype(numpy.uint8))
        truths.append(numpy.array(mask.resize((INPUT, INPUT), Image.Resampling.NEAREST)))
    truths = torch.from_numpy(numpy.stack(truths))[:, None].float()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for step in range(STEPS):
        dims = [(), (2,), (3,), (2, 3)][step % 4]
        x, y = images.flip(dims), truths.flip(dims)
        loss = sum(functional.binary_cross_entropy_with_logits(logits, y) for logits in model(x))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        for value in list(model.parameters()) + list(model.buffers()):
            if value.is_floating_point():
                value.copy_(value.half())
    print(f"loss {loss.item():.4f}")
    return model.eval()


def save(model):
    """Writes the released checkpoint's layout; one storage per type of numbers keeps the file small."""
    weights = model.state_dict()
    for dtype in (torch.float32, torch.int64):
        names = [name for name, value in weights.items() if value.dtype == dtype]
        storage = torch.cat([weights[name].flatten() for name in names])
        parts = storage.split([weights[name].numel() for name in names])
        weights |= {name: part.view(weights[name].shape) for name, part in zip(names, parts)}
    torch.save({"model_state_dict": weights, "optimizer_state_dict": {}, "stats": None}, FOLDER / "wnet.pth")


# The protocol


def predicted(model, photograph, dtype):
    """The averaged probabilities at the network's size, and the map at the photograph's."""
    pixels = photograph.tensor.to(dtype)
    with torch.no_grad():
        flips = [torch.sigmoid(model(pixels.flip(dims))[-1]).flip(dims) for dims in ((), (3,), (2,), (2, 3))]
    mean = torch.stack(flips).mean(0)[0, 0].numpy()
    top, left, bottom, right = photograph.box
    restored = resize(mean, (bottom - top, right - left), order=3)
    whole = numpy.zeros(photograph.field.shape)
    whole[top:bottom, left:right] = restored
    whole[~photograph.field] = 0
    return mean, whole


def pooled(photographs, maps):
    truth = numpy.concatenate([photograph.truth[photograph.field] for photograph in photographs])
    probability = numpy.concatenate([map_[photograph.field] for photograph, map_ in zip(photographs, maps)])
    return truth, probability


def best_threshold(truth, probability):
    """The first of 256 thresholds with the highest Dice, and how far the next best lies below."""
    thresholds = numpy.linspace(0, 1, 256)
    dices = [f1_score(truth, probability > threshold, zero_division=0) for threshold in thresholds]
    best = int(numpy.argmax(dices))
    rest = max(dice for dice in dices if dice < dices[best])
    print(f"threshold {best}/255, Dice {dices[best]:.5f}, the next best {rest:.5f}")
    return float(thresholds[best]), dices[best]


def measured(truth, probability, threshold):
    decided = probability > threshold
    tn, fp, fn, tp = confusion_matrix(truth, decided).ravel().tolist()
    return {
        "auc": roc_auc_score(truth, probability), "ap": average_precision_score(truth, probability),
        "dice": f1_score(truth, decided), "sensitivity": tp / (tp + fn), "specificity": tn / (tn + fp),
        "accuracy": accuracy_score(truth, decided), "pixels": len(truth), "positives": int(truth.sum()),
    }


def encoded(values):
    return base64.b64encode(numpy.asarray(values).astype("<f4").tobytes()).decode("ascii")


def run_protocol(model):
    """Writes maps and numbers; returns the latter."""
    double = copy.deepcopy(model).double()
    (FOLDER / "maps").mkdir()
    records, read, found = [], {}, {}
    for split, numbers in SPLITS.items():
        found[split] = [Photograph(split, number) for number in numbers]
        read[split] = []
        for photograph in found[split]:
            mean, whole = predicted(double, photograph, torch.float64)
            rough = img_as_ubyte(predicted(model, photograph, torch.float32)[1])
            file = FOLDER / "maps" / f"{photograph.name}.png"
            levels = img_as_ubyte(whole)
            Image.fromarray(levels).save(file, optimize=True)
            read[split].append(img_as_float(numpy.array(Image.open(file))))
            fraction = numpy.abs(whole * 255 % 1 - 0.5)
            record = {
                "id": photograph.id, "name": photograph.name, "box": list(map(int, photograph.box)),
                "resized": hashlib.sha256(photograph.resized.tobytes()).hexdigest(),
                "near": numpy.flatnonzero((fraction < NEAR).ravel()).tolist(),
                "float32": int((rough != levels).sum()),
            }
            if photograph.name == "02_test":
                record |= {"mean": encoded(mean), "whole": encoded(whole)}
            records.append(record)
            spread = numpy.percentile(whole[photograph.field], [1, 25, 50, 75, 99]).round(3).tolist()
            print(photograph.name, record["box"], f"near {len(record['near'])}", f"float32 {record['float32']}", spread)
    threshold, training_dice = best_threshold(*pooled(found["training"], read["training"]))
    test = measured(*pooled(found["test"], read["test"]), threshold)
    images = [
        measured(photograph.truth[photograph.field], map_[photograph.field], threshold)
        for photograph, map_ in zip(found["test"], read["test"])
    ]
    print(test)
    return {"photographs": records, "threshold": threshold, "trainingDice": training_dice, "test": test, "images": images}


def main():
    torch.set_num_threads(1)
    shutil.rmtree(FOLDER, ignore_errors=True)
    draw_twin()
    model = trained([Photograph("training", number) for number in SPLITS["training"]])
    save(model)
    reference = {
        "manifest": {
            "script": "Tests/Fixtures/generate/evaluation_drive.py", "seed": SEED,
            "torch": torch.__version__.split("+")[0], "numpy": numpy.__version__, "pillow": PIL.__version__,
            "scikit-image": skimage.__version__, "scikit-learn": sklearn.__version__,
        },
        "input": INPUT,
    } | run_protocol(model)
    (FOLDER / "reference.json").write_text(json.dumps(reference, indent=1) + "\n", encoding="ascii")
    files = [file for file in FOLDER.rglob("*") if file.is_file()]
    print(f"{len(files)} files, {sum(file.stat().st_size for file in files)} bytes")


if __name__ == "__main__":
    main()
