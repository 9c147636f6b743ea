"""Reference intervals of the segmentation metrics, computed with NumPy, SciPy and scikit-learn.

    pip install numpy scipy scikit-learn
    python Tests/Fixtures/generate/segmentation_intervals.py

writes Tests/Fixtures/Metrics/segmentation-intervals.json and a manifest. The images of each replicate
are drawn here from RandomSource's definition (Philox 4x32-10, Lemire's method), then really put
together: pooled metrics are scikit-learn's over the concatenated pixels. null means undefined.
"""

import hashlib
import json
import platform

import numpy as np
import scipy
import sklearn

from segmentation_metrics import (
    NAN, OUTPUT, areas, clean, decisions, ellipse, surface_distances, vertical,
)

SEED = 20266
MASK = 2**32 - 1


def philox(counter, key):
    """One block of Philox 4x32-10 (Salmon et al. 2011)."""
    c, k = list(counter), list(key)
    for _ in range(10):
        first, second = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(second >> 32) ^ c[1] ^ k[0], second & MASK, (first >> 32) ^ c[3] ^ k[1], first & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


# Random123's known answer.
assert philox([0] * 4, [0] * 2) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]


def draws(seed, replicate, count):
    """`count` indices below `count` from the stream (seed, replicate)."""
    def numbers():
        block = 0
        while True:
            words = philox([block, 0, 0, replicate + 1], [seed & MASK, seed >> 32])
            yield words[0] | words[1] << 32
            yield words[2] | words[3] << 32
            block += 1

    stream, drawn = numbers(), []
    while len(drawn) < count:
        product = next(stream) * count
        if product % 2**64 >= 2**64 % count:
            drawn.append(product >> 64)
    return drawn


def resamples(case, image_count):
    """For each replicate, the images drawn; groups whole, numbered as they first appear."""
    groups = case["groups"] or list(range(image_count))
    order = list(dict.fromkeys(groups))
    members = [[i for i, g in enumerate(groups) if g == group] for group in order]
    for replicate in range(case["replicates"]):
        drawn = draws(case["seed"], replicate, len(order))
        yield [image for unit in drawn for image in members[unit]]


def with_policy(row, union, empty):
    """The metrics, Dice and IoU of two empty masks being what the policy says."""
    return row if union else {**row, "dice": empty, "iou": empty}


def mean(values):
    """Over those that are defined."""
    values = [value for value in values if not np.isnan(value)]
    return float(np.mean(values)) if values else NAN


def hd95(predicted, truth):
    if not (predicted.any() and truth.any()):
        return NAN
    unit = (1.0, 1.0)
    both = [surface_distances(predicted, truth, unit), surface_distances(truth, predicted, unit)]
    return float(np.percentile(np.hstack(both), 95))


class Reference:
    """Everything measured of any list of images, images in it several times."""

    def __init__(self, case, images):
        """`images`: dictionaries of truths, predictions (K masks each), probabilities or None."""
        self.case, self.images = case, images
        self.empty = {"left-out": NAN, "one": 1.0, "zero": 0.0}[case["emptyMasks"]]
        self.first = 1 if case["hasBackground"] else 0
        self.own = [
            [self.image_row(image, k) for k in range(len(case["classNames"]))] for image in images
        ]

    def decided(self, truth, predicted):
        row = decisions(truth.ravel(), predicted.ravel())
        return with_policy(row, (truth | predicted).any(), self.empty)

    def image_row(self, image, k):
        truth, predicted = image["truths"][k], image["predictions"][k]
        row = self.decided(truth, predicted)
        if image["probabilities"] is not None:
            row |= areas(truth.ravel(), image["probabilities"][k].ravel())
        if k >= self.first:
            row["hd95"] = hd95(predicted, truth)
        return {f"{name}-per-image": value for name, value in row.items()}

    def cup_errors(self, drawn):
        """Predicted less true ratio of the cup (class 2) to the disc (class 1 with the cup)."""
        errors = []
        for image in (self.images[i] for i in drawn):
            heights = [[vertical(m[2]), vertical(m[1] | m[2])]
                       for m in (image["predictions"], image["truths"])]
            if heights[0][1] and heights[1][1]:
                errors.append(heights[0][0] / heights[0][1] - heights[1][0] / heights[1][1])
        return np.array(errors) if errors else np.array([NAN])

    def measure(self, drawn):
        """`(class or None, identifier)` to value; means over classes under the class "mean"."""
        result = {}
        names = self.case["classNames"]
        for k, name in enumerate(names):
            pixels = [
                np.concatenate([self.images[i][side][k].ravel() for i in drawn])
                for side in ("truths", "predictions")
            ]
            for key, value in self.decided(*pixels).items():
                result[name, f"{key}-pooled"] = value
            for key in self.own[0][k]:
                result[name, key] = mean([self.own[i][k][key] for i in drawn])
        first = 0 if self.case["backgroundInMean"] else self.first
        for key in dict.fromkeys(key for _, key in result):
            values = [result[name, key] for name in names[first:] if (name, key) in result]
            result["mean", key] = mean(values)
        if self.case["hasCups"]:
            errors = self.cup_errors(drawn)
            result["none", "cdr-error-mean"] = float(errors.mean())
            result["none", "cdr-error-absolute"] = float(np.abs(errors).mean())
        return result

    def same_classes(self, values, whole, key):
        """Whether a mean over classes rests on the same classes as the whole's."""
        return all(
            np.isnan(values[name, key]) == np.isnan(whole[name, key])
            for name in self.case["classNames"] if (name, key) in whole
        )

    def expected(self):
        whole = self.measure(range(len(self.images)))
        replicates = [self.measure(drawn) for drawn in resamples(self.case, len(self.images))]
        rows, tail = [], (1 - self.case["level"]) / 2
        for (name, key), value in whole.items():
            defined = [
                values[name, key] for values in replicates
                if not np.isnan(values[name, key])
                and (name != "mean" or self.same_classes(values, whole, key))
            ]
            undefined = len(replicates) - len(defined)
            row = {"class": name, "metric": key, "value": value, "undefined": undefined,
                   "low": None, "high": None}
            if not np.isnan(value) and undefined <= 0.05 * len(replicates):
                row["low"], row["high"] = map(float, np.quantile(defined, [tail, 1 - tail]))
            rows.append(row)
        return clean(rows)


def text(array):
    return "".join(str(int(x)) for x in np.ravel(array))


def record(case, images):
    """The case with its images and what is expected of them."""
    rows = [
        {
            "height": image["truths"][0].shape[0],
            "width": image["truths"][0].shape[1],
            "truths": [text(m) for m in image["truths"]],
            "predictions": [text(m) for m in image["predictions"]],
            "probabilities": None if image["probabilities"] is None
            else [[round(float(x), 2) for x in p.ravel()] for p in image["probabilities"]],
        }
        for image in images
    ]
    return {**case, "images": rows, "expected": Reference(case, images).expected()}


def disc_images(random, count):
    """Background, disc and cup; some cups are missing, one disc isn't found."""
    images = []
    for number in range(count):
        shape = (15 + number % 3, 19 - number % 2)
        masks = []
        for side in range(2):
            centre, radii = random.uniform(6, 9, size=2), random.uniform(3.5, 6, size=2)
            disc = ellipse(shape, centre, radii)
            cup = ellipse(shape, centre, radii * random.uniform(0.4, 0.7))
            if number in (1, 4) or (number == 6 and side == 1):
                cup[:] = False
            if number == 3 and side == 1:
                disc[:] = cup[:] = False
            masks.append([~disc, disc & ~cup, cup])
        images.append({"truths": masks[0], "predictions": masks[1], "probabilities": None})
    return images


def lesion_images(random, count):
    """Three lesions that may overlap: frequent, in 3 images, in a single one."""
    images = []
    for number in range(count):
        shape = (5 + number % 2, 7 + number % 4)
        shares = (0.3, 0.3 if number in (0, 5, 7) else 0.0, 0.4 if number == 6 else 0.0)
        truths = [random.random(shape) < share for share in shares]
        probabilities = [
            np.round(1 / (1 + np.exp(-random.normal(size=shape) - 2.0 * t + 2.2)), 2)
            .astype(np.float32)
            for t in truths
        ]
        predictions = [p >= np.float32(0.5) for p in probabilities]
        images.append({"truths": truths, "predictions": predictions,
                       "probabilities": probabilities})
    return images


def cases(random):
    discs, lesions = disc_images(random, 9), lesion_images(random, 12)
    cup = {"classNames": ["background", "disc", "cup"], "hasBackground": True, "hasCups": True,
           "level": 0.9, "replicates": 60}
    lesion = {"classNames": ["exudate", "haemorrhage", "soft exudate"], "hasBackground": False,
              "hasCups": False, "backgroundInMean": False, "level": 0.95, "replicates": 80}
    return [
        record({"name": "discs, each image", **cup, "backgroundInMean": False,
                "emptyMasks": "left-out", "groups": None, "seed": 17}, discs),
        record({"name": "discs, patients", **cup, "backgroundInMean": True, "emptyMasks": "one",
                "groups": [7, 7, 3, 9, 3, 3, 1, 9, 5], "seed": 2**40 + 3}, discs),
        record({"name": "lesions, each image", **lesion, "emptyMasks": "left-out", "groups": None,
                "seed": 5}, lesions),
        record({"name": "lesions, eyes", **lesion, "emptyMasks": "zero",
                "groups": [4, 4, 2, 2, 8, 8, 1, 1, 0, 0, 6, 6], "seed": 6}, lesions),
    ]


def main():
    content = json.dumps(
        cases(np.random.default_rng(SEED)), separators=(",", ":"), allow_nan=False
    ) + "\n"
    path = OUTPUT / "segmentation-intervals.json"
    path.write_text(content)
    manifest = {
        "script": "Tests/Fixtures/generate/segmentation_intervals.py",
        "seed": SEED,
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "sha256": {path.name: hashlib.sha256(content.encode()).hexdigest()},
    }
    (OUTPUT / "segmentation-intervals-manifest.json").write_text(
        json.dumps(manifest, indent=1) + "\n"
    )


if __name__ == "__main__":
    main()
