"""Makes Tests/Fixtures/Evaluation/masks.json: logits of masks, and what PyTorch and scikit-learn make of them.

    pip install torch numpy scikit-learn
    python Tests/Fixtures/generate/evaluation_masks.py

Three photographs of 7 × 5 pixels with pixels outside the field of view and ignored ones; two classes that exclude each
other (a softmax over three logits, the highest probability decides) and two that don't (a sigmoid each, the first of
numpy.linspace(0, 1, 256) with the highest Dice decides).
"""

import json
import pathlib

import numpy
import sklearn
import torch
from sklearn.metrics import confusion_matrix, f1_score, roc_auc_score

FILE = pathlib.Path(__file__).resolve().parents[1] / "Evaluation" / "masks.json"
SEED = 20296
WIDTH, HEIGHT, COUNT = 7, 5, 3
IGNORED = 255


def short(values):
    """The shortest decimals that are read back as the same float32."""
    return [float(str(value)) for value in numpy.asarray(values, numpy.float32).ravel()]


def exclusive(random, truths, counted):
    hot = (truths[..., None] == numpy.arange(3)) * 1.5
    logits = (random.normal(0, 1, (COUNT, HEIGHT * WIDTH, 3)) + hot).astype(numpy.float32)
    probabilities = torch.from_numpy(logits).double().softmax(-1).numpy()
    decided, truth = probabilities.argmax(-1)[counted], truths[counted]
    return {
        "name": "exclusive", "logits": short(logits), "probabilities": short(probabilities),
        "dice": f1_score(truth, decided, labels=[1, 2], average=None).tolist(),
        "auc": [roc_auc_score(truth == index, probabilities[counted][:, index]) for index in range(3)],
        "confusion": confusion_matrix(truth, decided).tolist(), "thresholds": [],
    }


def independent(random, truths, counted):
    hot = (truths[..., None] == numpy.arange(1, 3)) * 2.0 - 1.5
    logits = (random.normal(0, 1, (COUNT, HEIGHT * WIDTH, 2)) + hot).astype(numpy.float32)
    probabilities = torch.from_numpy(logits).double().sigmoid().numpy()
    grid, thresholds, dices, areas = numpy.linspace(0, 1, 256), [], [], []
    for index in range(2):
        truth, probability = truths[counted] == index + 1, probabilities[counted][:, index]
        assert numpy.abs(probability[:, None] - grid).min() > 1e-6, "draw again: float32 may decide otherwise"
        scores = [f1_score(truth, probability > threshold, zero_division=0) for threshold in grid]
        best = int(numpy.argmax(scores))
        thresholds.append(best)
        dices.append(scores[best])
        areas.append(roc_auc_score(truth, probability))
    return {
        "name": "independent", "logits": short(logits), "probabilities": short(probabilities), "dice": dices,
        "auc": areas, "confusion": [], "thresholds": thresholds,
    }


def main():
    random = numpy.random.default_rng(SEED)
    truths = random.choice([0, 0, 1, 2, IGNORED], (COUNT, HEIGHT * WIDTH), p=[0.3, 0.2, 0.22, 0.18, 0.1])
    fields = random.random((COUNT, HEIGHT * WIDTH)) < 0.8
    counted = fields & (truths != IGNORED)
    record = {
        "manifest": {
            "script": "Tests/Fixtures/generate/evaluation_masks.py", "seed": SEED, "numpy": numpy.__version__,
            "torch": torch.__version__.split("+")[0], "scikit-learn": sklearn.__version__,
        },
        "width": WIDTH, "height": HEIGHT, "truths": truths.tolist(), "fields": fields.astype(int).tolist(),
        "cases": [exclusive(random, truths, counted), independent(random, truths, counted)],
    }
    FILE.write_text(json.dumps(record) + "\n", encoding="ascii")
    print([(case["name"], case["dice"], case["thresholds"]) for case in record["cases"]], FILE.stat().st_size)


if __name__ == "__main__":
    main()
