"""Compares vbench's linear probe of IDRiD with scikit-learn's on the same features.

Converts DINOv2's weights, evaluates them with `vbench evaluate` at one strength, writes the features
with `vbench embed`, fits scikit-learn's StandardScaler and LogisticRegression on them, and compares
probabilities and AUC. Ends with 1 where an AUC differs by more than 1e-6, or where a figure lies
outside the range that PyTorch's features and scikit-learn gave on this subset.

Needs numpy, scikit-learn and h5py, and the photographs and weights that VBENCH_DATA names:

    VBENCH_DATA=/data python Tests/parity/probe_auc.py --vbench .build/release/vbench
"""

import argparse
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

import h5py
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

TOLERANCE = 1e-6
KIND = "pooled_and_mean_patch"
GRADING = pathlib.Path("IDRiD", "B. Disease Grading")
SPLITS = {
    "train": ("a. Training Set", "a. IDRiD_Disease Grading_Training Labels.csv"),
    "test": ("b. Testing Set", "b. IDRiD_Disease Grading_Testing Labels.csv"),
}
# Macro one-against-rest AUC of five grades, and AUC of grade 2 and above by the sum of the five-grade
# model's probabilities, for C in 1e-3 … 1e-1. The task `referable` fits a model of its own, whose
# AUC is another number.
GRADE_RANGE, SUMMED_RANGE = (0.594, 0.657), (0.723, 0.738)


def run(vbench, *arguments):
    command = [str(vbench), *map(str, arguments)]
    print("$", " ".join(command), file=sys.stderr, flush=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"vbench {arguments[0]} ended with {done.returncode}")
    return done.stdout


def evaluate(vbench, checkpoint, data, folder, cache, strength):
    """Each task's result and its stored probabilities."""
    output = run(
        vbench, "evaluate", "--checkpoint", checkpoint, "--protocol", "linear-probe",
        "--dataset", "idrid-grading", "--data-root", f"idrid={data / 'IDRiD'}",
        "--features", KIND, "--strength", strength, "--bootstrap", 0,
        "--output", folder, "--cache", cache, "--json",
    )  # fmt: skip
    results = {}
    for result in json.loads(output):
        with h5py.File(folder / "runs" / result["run"]["id"] / "predictions.h5") as file:
            predictions = {
                "ids": file["ids"].asstr()[:],
                "labels": file["labels"][:],
                "scores": file["repeats/0/scores"][:],
            }
        results[result["dataset"]["task"]] = (result, predictions)
    return results


def auc_of(result):
    for metric in result["metrics"]:
        if metric["identifier"] == "auc" and metric["averaging"] in ("none", "macro"):
            return metric["value"]
    sys.exit("the result has no AUC")


def embed(vbench, checkpoint, data, folder):
    """The features of both splits by `split/name`, as float64."""
    rows = {}
    for split, (images, _) in SPLITS.items():
        file = folder / f"{split}.h5"
        run(
            vbench, "embed", "--checkpoint", checkpoint, "--features", KIND, "--output", file,
            "--images", data / GRADING / "1. Original Images" / images,
        )  # fmt: skip
        with h5py.File(file) as stored:
            lengths = np.linalg.norm(stored["normalized"][:].astype(np.float64), axis=1)
            assert np.abs(lengths - 1).max() < 1e-6, "rows of /normalized have length 1"
            for path, row in zip(stored["ids"].asstr()[:], stored["features"][:]):
                rows[f"{split}/{pathlib.Path(path).stem}"] = row.astype(np.float64)
    return rows


def grades(data):
    """The grades by `split/name`."""
    found = {}
    for split, (_, table) in SPLITS.items():
        with open(data / GRADING / "2. Groundtruths" / table, newline="") as file:
            for row in csv.DictReader(file):
                if row["Image name"].strip():
                    found[f"{split}/{row['Image name'].strip()}"] = int(row["Retinopathy grade"])
    return found


def reference(rows, labels, task, strength):
    """scikit-learn's test probabilities, AUC and the ids in their order."""
    ids = {split: sorted(i for i in labels if i.startswith(split)) for split in SPLITS}
    x = {split: np.stack([rows[i] for i in ids[split]]) for split in SPLITS}
    y = {split: np.array([labels[i] for i in ids[split]]) for split in SPLITS}
    if task == "referable":
        y = {split: (grade >= 2).astype(int) for split, grade in y.items()}
    scaler = StandardScaler().fit(x["train"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It stops where it can't improve: tighter than its default.
        model = LogisticRegression(C=strength, tol=1e-10, max_iter=100_000)
        model.fit(scaler.transform(x["train"]), y["train"])
    scores = model.predict_proba(scaler.transform(x["test"]))
    ranked = scores[:, 1] if task == "referable" else scores
    return ids["test"], scores, roc_auc_score(y["test"], ranked, multi_class="ovr")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vbench", required=True, type=pathlib.Path)
    parser.add_argument("--strength", type=float, default=0.01)
    parser.add_argument("--cache", type=pathlib.Path, help="where features are kept between runs")
    arguments = parser.parse_args()
    if not os.environ.get("VBENCH_DATA"):
        print("skipped: the probe's parity needs VBENCH_DATA")
        return
    data = pathlib.Path(os.environ["VBENCH_DATA"])
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        checkpoint = folder / "dinov2.h5"
        run(arguments.vbench, "convert", data / "weights" / "dinov2_vits14.pth", checkpoint)
        results = evaluate(
            arguments.vbench, checkpoint, data, folder, arguments.cache or folder, arguments.strength
        )
        rows, labels = embed(arguments.vbench, checkpoint, data, folder), grades(data)
        print(f"{len(rows)} photographs, C = {arguments.strength:g}")
        for task in ("dr-grade", "referable"):
            result, predictions = results[task]
            ids, scores, expected = reference(rows, labels, task, arguments.strength)
            assert list(predictions["ids"]) == ids, "the same samples in the same order"
            difference = abs(auc_of(result) - expected)
            failed |= difference > TOLERANCE
            print(
                f"{task}: AUC of vbench {auc_of(result):.9f}, of scikit-learn {expected:.9f}, "
                f"{'DIFFERENT' if difference > TOLERANCE else 'equal'} (difference {difference:.1e}); "
                f"probabilities differ by at most {np.abs(predictions['scores'] - scores).max():.1e}"
            )
        result, predictions = results["dr-grade"]
        summed = roc_auc_score(predictions["labels"] >= 2, predictions["scores"][:, 2:].sum(1))
        for name, found, (low, high) in (
            ("five grades", auc_of(result), GRADE_RANGE),
            ("grade 2 and above, summed", summed, SUMMED_RANGE),
        ):
            is_inside = low <= round(found, 3) <= high
            failed |= not is_inside
            print(f"{name}: AUC {found:.4f}, {'within' if is_inside else 'OUTSIDE'} {low}–{high}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
