"""Reference values of the segmentation metrics, computed with NumPy, SciPy and scikit-learn.

    python Tests/Fixtures/generate/segmentation_metrics.py

writes Tests/Fixtures/Metrics/segmentation-{binary,labels,distances,cups}.json and a manifest. null
means undefined: no value is made up for an empty mask. Every definition is written out here as its
source has it; nothing of the module under test is used.
"""

import hashlib
import json
import math
import pathlib
import platform
import warnings

import numpy as np
import scipy
import sklearn
from scipy import ndimage
from sklearn import metrics

SEED = 20265
OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "Metrics"
IGNORED = 255
NAN = float("nan")


def clean(value):
    """The same with None for NaN, all the way down."""
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item) for item in value]
    if isinstance(value, (float, np.floating)):
        return None if math.isnan(value) else float(value)
    return value


def decisions(truth, decided):
    """The metrics of binary decisions; NaN where scikit-learn divides by zero."""
    if len(truth) == 0:
        names = ["dice", "iou", "sensitivity", "specificity", "precision", "accuracy"]
        return dict.fromkeys(names, NAN)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        union = (truth | decided).any()
        return {
            "dice": metrics.f1_score(truth, decided, zero_division=NAN),
            "iou": metrics.jaccard_score(truth, decided) if union else NAN,
            "sensitivity": metrics.recall_score(truth, decided, zero_division=NAN),
            "specificity": metrics.recall_score(~truth, ~decided, zero_division=NAN),
            "precision": metrics.precision_score(truth, decided, zero_division=NAN),
            "accuracy": metrics.accuracy_score(truth, decided),
        }


def areas(truth, scores):
    """Area under the ROC curve and average precision."""
    both = truth.any() and not truth.all()
    return {
        "auc": metrics.roc_auc_score(truth, scores) if both else NAN,
        "ap": metrics.average_precision_score(truth, scores) if truth.any() else NAN,
    }


def original_dice(actual, predicted):
    """Dice as the code of Galdran et al. computes it; 1 where both are empty."""
    total = actual.sum() + predicted.sum()
    if total == 0:
        return 1.0
    return 2.0 * np.logical_and(actual, predicted).sum() / total


def original_threshold(scores, truth):
    """The rule of Galdran et al.: 256 thresholds, `>`, the first highest Dice."""
    thresholds = np.linspace(0, 1, 256)
    dices = np.array([original_dice(truth, scores > t) for t in thresholds])
    return int(dices.argmax()), float(dices.max())


def any_threshold(scores, truth):
    """The highest of the thresholds of best Dice among all scores, for `>=`."""
    values = np.unique(scores)[::-1]
    dices = np.array([original_dice(truth, scores >= t) for t in values])
    return float(values[dices.argmax()]), float(dices.max())


def binary_image(random, name, height, width, share, transform, ignored=0.1, field=True):
    """One image whose scores lean towards its truth."""
    truth = (random.random((height, width)) < share).astype(int)
    logits = random.normal(size=(height, width)) * 1.5 + 2.0 * truth - 1.2
    scores = transform(1 / (1 + np.exp(-logits))).astype(np.float32)
    truth[random.random((height, width)) < ignored] = IGNORED
    view = None
    if field:
        rows, columns = np.mgrid[:height, :width]
        centre = ((height - 1) / 2, (width - 1) / 2)
        radius = 0.48 * math.hypot(height, width)
        view = np.hypot(rows - centre[0], columns - centre[1]) < radius
    return {"name": name, "height": height, "width": width, "scores": scores, "truth": truth,
            "view": view}


def evaluated(image):
    """Truth and scores of the pixels that count."""
    use = image["truth"] != IGNORED
    if image["view"] is not None:
        use &= image["view"]
    return image["truth"][use] == 1, image["scores"][use]


def binary_case(name, images, thresholds):
    """Pooled and per-image values of a list of images."""
    pairs = [evaluated(image) for image in images]
    truth = np.concatenate([pair[0] for pair in pairs])
    scores = np.concatenate([pair[1] for pair in pairs])
    at = []
    for threshold in thresholds:
        value = np.float32(threshold)
        rules = {"above": np.greater, "at-least": np.greater_equal}
        at.append({
            "threshold": float(value),
            "pooled": {k: decisions(truth, rule(scores, value)) for k, rule in rules.items()},
            "images": {
                k: [decisions(t, rule(s, value)) for t, s in pairs] for k, rule in rules.items()
            },
        })
    expected = {"pooled": areas(truth, scores), "images": [areas(t, s) for t, s in pairs], "at": at}
    if truth.any():
        index, dice = original_threshold(scores.astype(np.float32), truth)
        if name.startswith("eight-bit"):
            # The original reads its predictions back from 8-bit PNG as float64.
            levels = np.rint(scores.astype(np.float64) * 255)
            assert (levels / 255).astype(np.float32).tolist() == scores.tolist()
            index, dice = original_threshold(levels * (1.0 / 255), truth)
        expected["grid"] = {"index": index, "dice": dice}
        threshold, dice = any_threshold(scores, truth)
        expected["any"] = {"threshold": threshold, "dice": dice}
    rows = [
        {
            "name": image["name"],
            "height": image["height"],
            "width": image["width"],
            "probabilities": [float(x) for x in image["scores"].ravel()],
            "truth": image["truth"].ravel().tolist(),
            "fieldOfView": None if image["view"] is None else image["view"].ravel().tolist(),
        }
        for image in images
    ]
    return {"name": name, "images": rows, "expected": clean(expected)}


def plain(x):
    return x


def tenths(x):
    return np.round(x, 1)


def eight_bit(x):
    return np.rint(x * 255) / 255


def saturated(x):
    return np.where(x < 0.5, x**12, 1 - (1 - x) ** 6)


def constant(x):
    return np.full_like(x, 0.25)


def binary_cases(random):
    """Transformed scores over images of unequal sizes, then what is empty, full or single."""
    sizes = [(7, 11), (13, 9), (5, 17), (1, 1), (1, 23)]
    thresholds = [0.0, 0.1, 64 / 255, 0.25, 0.5, 0.9, 1.0]
    cases = []
    for transform in (plain, tenths, eight_bit, saturated, constant):
        images = [
            binary_image(random, f"{h} by {w}", h, w, 0.3, transform, field=k % 2 == 0)
            for k, (h, w) in enumerate(sizes)
        ]
        label = transform.__name__.replace("_", "-")
        cases.append(binary_case(label, images, thresholds))
    images = [
        binary_image(random, "no positive", 6, 10, 0.0, tenths, ignored=0.0),
        binary_image(random, "all positive", 4, 9, 1.1, tenths, ignored=0.0, field=False),
        binary_image(random, "all ignored", 3, 5, 0.5, plain, ignored=1.1),
        binary_image(random, "some", 8, 3, 0.4, plain),
        binary_image(random, "no positive, no score", 3, 7, 0.0, np.zeros_like, ignored=0.0),
    ]
    cases.append(binary_case("empty and full", images, thresholds))
    cases.append(binary_case("no positive at all", [images[0], images[4]], thresholds))
    cases.append(binary_case("nothing but positives", [images[1]], thresholds))
    big = [binary_image(random, f"{k}", 31, 47, 0.12, eight_bit) for k in range(2)]
    cases.append(binary_case("eight-bit, larger", big, [110 / 255]))
    return cases


def label_case(random, name, classes, sizes, absent=()):
    """Label maps with ignored pixels; class k against the rest, pooled and per image."""
    present = [k for k in range(classes) if k not in absent]
    images, pairs = [], []
    for number, (height, width) in enumerate(sizes):
        kept = present if number % 2 == 0 else present[:-1]
        truth = random.choice(kept, size=height * width)
        scores = np.round(random.random((height * width, classes)), 1).astype(np.float32)
        scores[np.arange(height * width), truth] += np.float32(0.3)
        if number % 2 == 1:
            scores[:, -1] = -1
        truth[random.random(height * width) < 0.15] = IGNORED
        view = random.random(height * width) < 0.8 if number % 3 == 1 else None
        use = truth != IGNORED
        use &= True if view is None else view
        predicted = scores.argmax(axis=1)
        pairs.append((truth[use], predicted[use]))
        images.append({
            "name": f"image {number}",
            "scores": [float(x) for x in scores.ravel()],
            "predicted": predicted.tolist(),
            "truth": truth.tolist(),
            "fieldOfView": None if view is None else view.tolist(),
        })
    pooled = [np.concatenate(parts) for parts in zip(*pairs)]
    expected = []
    for k in range(classes):
        expected.append({
            "pooled": decisions(pooled[0] == k, pooled[1] == k),
            "images": [decisions(t == k, p == k) for t, p in pairs],
        })
    matrix = metrics.confusion_matrix(pooled[0], pooled[1], labels=range(classes))
    return {"name": name, "classCount": classes, "images": images, "classes": clean(expected),
            "confusion": matrix.tolist()}


def label_cases(random):
    return [
        label_case(random, "two classes", 2, [(5, 9), (7, 3)]),
        label_case(random, "four classes", 4, [(9, 11), (6, 13), (1, 1), (2, 31)]),
        label_case(random, "five classes, one absent", 5, [(12, 7), (8, 5), (4, 9)], absent=[2]),
    ]


def surface_distances(first, second, spacing):
    """From the border of the first mask to that of the second, as medpy.metric.binary has it."""
    structure = ndimage.generate_binary_structure(2, 1)
    first_border = first ^ ndimage.binary_erosion(first, structure=structure, iterations=1)
    second_border = second ^ ndimage.binary_erosion(second, structure=structure, iterations=1)
    return ndimage.distance_transform_edt(~second_border, sampling=spacing)[first_border]


def distance_case(name, first, second, spacing):
    """The distances to the first mask and the 95th percentile between both masks' borders."""
    first, second = first.astype(bool), second.astype(bool)
    expected = {"transform": None, "hd95": None}
    if first.any():
        transform = ndimage.distance_transform_edt(~first, sampling=spacing)
        expected["transform"] = np.round(transform, 11).ravel().tolist()
    if first.any() and second.any():
        both = np.hstack([
            surface_distances(first, second, spacing), surface_distances(second, first, spacing)
        ])
        expected["hd95"] = float(np.percentile(both, 95))
    return {
        "name": name, "height": first.shape[0], "width": first.shape[1],
        "first": "".join("01"[int(x)] for x in first.ravel()),
        "second": "".join("01"[int(x)] for x in second.ravel()),
        "spacing": list(spacing), "expected": expected,
    }


def ellipse(shape, centre, radii):
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return ((rows - centre[0]) / radii[0]) ** 2 + ((columns - centre[1]) / radii[1]) ** 2 <= 1


def distance_cases(random):
    unit, oblong = (1.0, 1.0), (0.7, 2.3)
    cases = []
    for shape in [(1, 1), (1, 13), (9, 1), (6, 10), (17, 12)]:
        for share in (0.05, 0.3, 0.9):
            for spacing in (unit, oblong):
                pair = [random.random(shape) < share for _ in range(2)]
                for mask in pair:
                    mask[random.integers(shape[0]), random.integers(shape[1])] = True
                cases.append(distance_case(f"random {shape} {share}", *pair, spacing))
    shape = (23, 31)
    inner, outer = ellipse(shape, (11, 14), (5, 7)), ellipse(shape, (12, 16), (8, 9))
    edge, corner = ellipse(shape, (2, 29), (6, 9)), np.zeros(shape)
    corner[-1, 0] = 1
    full, empty = np.ones(shape), np.zeros(shape)
    named = {
        "ellipses": (inner, outer), "touching the edge": (edge, outer), "one pixel": (corner, inner),
        "two pixels": (corner, corner[::-1, ::-1]), "full": (full, inner), "same": (outer, outer),
        "first empty": (empty, inner), "second empty": (inner, empty), "both empty": (empty, empty),
    }
    for name, pair in named.items():
        for spacing in (unit, oblong, (0.3, 0.3)):
            cases.append(distance_case(name, *pair, spacing))
    return cases


def vertical(mask):
    rows = np.flatnonzero(mask.any(axis=1))
    return rows[-1] - rows[0] + 1 if len(rows) else 0


def cup_cases(random):
    """Predicted and true discs and cups of one set, with what is missing."""
    shape = (29, 37)
    pictures, errors = [], []
    for number in range(7):
        ratios, masks = [], []
        for _ in range(2):
            centre = random.uniform(10, 18, size=2)
            radii = random.uniform(5, 9, size=2)
            disc = ellipse(shape, centre, radii)
            cup = ellipse(shape, centre, radii * random.uniform(0.3, 0.8))
            masks.append([disc, cup])
        if number == 2:
            masks[0][0] = masks[0][1] = np.zeros(shape, dtype=bool)
        if number == 4:
            masks[1][1] = np.zeros(shape, dtype=bool)
        for disc, cup in masks:
            ratios.append(vertical(cup) / vertical(disc) if disc.any() else NAN)
        if not any(map(math.isnan, ratios)):
            errors.append(ratios[0] - ratios[1])
        text = [["".join("01"[int(x)] for x in mask.ravel()) for mask in pair] for pair in masks]
        pictures.append({"predicted": text[0], "truth": text[1], "ratios": clean(ratios)})
    errors = np.array(errors)
    return [{
        "height": shape[0], "width": shape[1], "pictures": pictures,
        "meanAbsoluteError": float(np.abs(errors).mean()), "bias": float(errors.mean()),
        "standardDeviation": float(errors.std(ddof=1)), "defined": len(errors),
    }]


def main():
    makers = {"binary": binary_cases, "labels": label_cases, "distances": distance_cases,
              "cups": cup_cases}
    files = {}
    for index, (name, make) in enumerate(makers.items()):
        cases = make(np.random.default_rng([SEED, index]))
        text = json.dumps(cases, separators=(",", ":"), allow_nan=False) + "\n"
        path = OUTPUT / f"segmentation-{name}.json"
        path.write_text(text)
        files[path.name] = hashlib.sha256(text.encode()).hexdigest()
    manifest = {
        "script": "Tests/Fixtures/generate/segmentation_metrics.py",
        "seed": SEED,
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "sha256": files,
    }
    (OUTPUT / "segmentation-manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    main()
