"""Reference values of the module Metrics, computed with scikit-learn.

    python Tests/Fixtures/generate/metrics.py

writes Tests/Fixtures/Metrics/{binary,multiclass,multilabel,curves,quantiles}.json and a manifest.
An expected value of null means undefined: this project gives a reason where scikit-learn returns
NaN, or 0 with a warning. Means over classes leave undefined classes out; the script does so by hand
(numpy.nanmean), never by scikit-learn's `zero_division` defaults.
"""

import hashlib
import json
import math
import pathlib
import platform
import warnings

import numpy as np
import sklearn
from sklearn import metrics

SEED = 20260
OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "Metrics"
NAN = float("nan")


def auc(labels, scores):
    """Area under the ROC curve; NaN where one side is absent."""
    if labels.all() or not labels.any():
        return NAN
    return metrics.roc_auc_score(labels, scores)


def ap(labels, scores):
    """Average precision; NaN without a positive."""
    return metrics.average_precision_score(labels, scores) if labels.any() else NAN


def decisions(labels, decided):
    """F1, sensitivity, specificity and precision of one class."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "f1": metrics.f1_score(labels, decided, zero_division=NAN),
            "sensitivity": metrics.recall_score(labels, decided, zero_division=NAN),
            "specificity": metrics.recall_score(~labels, ~decided, zero_division=NAN),
            "precision": metrics.precision_score(labels, decided, zero_division=NAN),
        }


def mean(values, weights=None):
    """Mean of the defined values; NaN where none is."""
    values = np.array(values, dtype=float)
    weights = np.ones(len(values)) if weights is None else np.array(weights, dtype=float)
    use = ~np.isnan(values) & (weights > 0)
    return float(np.average(values[use], weights=weights[use])) if use.any() else NAN


def kappa(labels, decided, classes, weights=None):
    """Cohen's kappa; NaN where labels and decisions are one and the same class."""
    if len(labels) and len(set(labels) | set(decided)) < 2:
        return NAN
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(
            metrics.cohen_kappa_score(labels, decided, labels=range(classes), weights=weights)
        )


def mcc(labels, decided):
    """Matthews' correlation; NaN where labels or decisions are one class."""
    if len(set(labels)) < 2 or len(set(decided)) < 2:
        return NAN
    return metrics.matthews_corrcoef(labels, decided)


def log_loss(labels, probabilities, classes):
    """Mean logarithmic loss; NaN where the scores are no probabilities."""
    outside = (probabilities < 0).any() or (probabilities > 1).any()
    if outside or np.abs(probabilities.sum(axis=1) - 1).max() > 1e-4:
        return NAN
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return metrics.log_loss(labels, probabilities, labels=range(classes))


def clean(value):
    """NaN as null, numpy's numbers as Python's."""
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item) for item in value]
    value = float(value)
    return None if math.isnan(value) else value


def per_class(columns, ranked):
    """{metric: [value of each class]} from boolean label, score and decision columns."""
    rows = []
    for labels, scores, decided in columns:
        row = {"auc": auc(labels, scores), "ap": ap(labels, scores)} if ranked else {}
        rows.append(row | decisions(labels, decided))
    return {name: [row[name] for row in rows] for name in rows[0]}


def repeated(multiplicities, *arrays):
    """Each sample as often as its multiplicity says."""
    return [np.repeat(array, multiplicities, axis=0) for array in arrays]


def binary_case(name, labels, scores, threshold=0.5, multiplicities=None):
    """One binary case; decisions are `score >= threshold`."""
    labels, scores = np.array(labels, dtype=bool), np.array(scores, dtype=float)
    case = {"name": name, "labels": labels.tolist(), "scores": scores.tolist()}
    case |= {"threshold": threshold, "multiplicities": multiplicities}
    if multiplicities is not None:
        labels, scores = repeated(multiplicities, labels, scores)
    decided = scores >= threshold
    positive = decisions(labels, decided)
    classes = per_class([(~labels, None, ~decided), (labels, None, decided)], ranked=False)
    numbers, answers = labels.astype(int), decided.astype(int)
    overall = {
        "auc/none": auc(labels, scores),
        "ap/none": ap(labels, scores),
        "accuracy/none": metrics.accuracy_score(labels, decided),
        "balanced-accuracy/macro": mean(classes["sensitivity"]),
        "f1/none": positive["f1"],
        "f1/macro": mean(classes["f1"]),
        "sensitivity/none": positive["sensitivity"],
        "specificity/none": positive["specificity"],
        "precision/none": positive["precision"],
        "kappa/none": kappa(numbers, answers, 2),
        "mcc/none": mcc(numbers, answers),
        "log-loss/none": log_loss(numbers, np.stack([1 - scores, scores], axis=1), 2),
    }
    confusion = metrics.confusion_matrix(numbers, answers, labels=range(2)).tolist()
    return case | {"overall": clean(overall), "classes": clean(classes), "confusion": confusion}


def multiclass_case(name, labels, scores, multiplicities=None):
    """One multi-class case; decisions are the first highest score."""
    labels, scores = np.array(labels, dtype=int), np.array(scores, dtype=float)
    count = scores.shape[1]
    case = {"name": name, "labels": labels.tolist(), "scores": scores.ravel().tolist()}
    case |= {"classCount": count, "multiplicities": multiplicities}
    if multiplicities is not None:
        labels, scores = repeated(multiplicities, labels, scores)
    decided = scores.argmax(axis=1)
    columns = [(labels == k, scores[:, k], decided == k) for k in range(count)]
    classes = per_class(columns, ranked=True)
    support = np.bincount(labels, minlength=count)
    overall = {
        "auc/macro": mean(classes["auc"]),
        "auc/weighted": mean(classes["auc"], support),
        "ap/macro": mean(classes["ap"]),
        "accuracy/none": metrics.accuracy_score(labels, decided),
        "balanced-accuracy/macro": mean(classes["sensitivity"]),
        "f1/macro": mean(classes["f1"]),
        "f1/micro": metrics.f1_score(labels, decided, labels=range(count), average="micro"),
        "f1/weighted": mean(classes["f1"], support),
        "specificity/macro": mean(classes["specificity"]),
        "kappa/none": kappa(labels, decided, count),
        "quadratic-kappa/none": kappa(labels, decided, count, "quadratic"),
        "mcc/none": mcc(labels, decided),
        "log-loss/none": log_loss(labels, scores, count),
    }
    check_multiclass(labels, scores, decided, support, overall)
    confusion = metrics.confusion_matrix(labels, decided, labels=range(count)).tolist()
    return case | {"overall": clean(overall), "classes": clean(classes), "confusion": confusion}


def check_multiclass(labels, scores, decided, support, overall):
    """The means above against scikit-learn's own averages where it defines the same thing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        same = [("balanced-accuracy/macro", metrics.balanced_accuracy_score(labels, decided))]
    if (support > 0).all() and len(support) > 2:
        for average in ("macro", "weighted"):
            same.append((f"f1/{average}", metrics.f1_score(labels, decided, average=average)))
            if np.allclose(scores.sum(axis=1), 1):
                value = metrics.roc_auc_score(labels, scores, multi_class="ovr", average=average)
                same.append((f"auc/{average}", value))
    for key, value in same:
        assert abs(overall[key] - value) < 1e-12, (key, overall[key], value)


def multilabel_case(name, labels, scores, thresholds=None, multiplicities=None):
    """One multi-label case; decisions are `score >= threshold` class by class."""
    labels, scores = np.array(labels, dtype=bool), np.array(scores, dtype=float)
    count = scores.shape[1]
    thresholds = [0.5] * count if thresholds is None else thresholds
    case = {"name": name, "labels": labels.ravel().tolist(), "scores": scores.ravel().tolist()}
    case |= {"classCount": count, "thresholds": thresholds, "multiplicities": multiplicities}
    if multiplicities is not None:
        labels, scores = repeated(multiplicities, labels, scores)
    decided = scores >= np.array(thresholds)
    classes = per_class([(labels[:, k], scores[:, k], decided[:, k]) for k in range(count)], True)
    support = labels.sum(axis=0)
    pool = labels.ravel(), scores.ravel(), decided.ravel()
    pooled = pool[0].astype(int), np.stack([1 - pool[1], pool[1]], axis=1)
    overall = {
        "auc/macro": mean(classes["auc"]),
        "auc/micro": auc(*pool[:2]),
        "auc/weighted": mean(classes["auc"], support),
        "ap/macro": mean(classes["ap"]),
        "ap/micro": ap(*pool[:2]),
        "ap/weighted": mean(classes["ap"], support),
        "accuracy/samples": float((labels == decided).all(axis=1).mean()),
        "accuracy/micro": metrics.accuracy_score(pool[0], pool[2]),
        "f1/macro": mean(classes["f1"]),
        "f1/micro": decisions(pool[0], pool[2])["f1"],
        "f1/weighted": mean(classes["f1"], support),
        "sensitivity/macro": mean(classes["sensitivity"]),
        "specificity/macro": mean(classes["specificity"]),
        "kappa/micro": kappa(pool[0].astype(int), pool[2].astype(int), 2),
        "log-loss/micro": log_loss(*pooled, 2),
    }
    if count > 1 and (support > 0).all() and (support < len(labels)).all():
        for average in ("macro", "micro", "weighted"):
            value = metrics.roc_auc_score(labels, scores, average=average)
            assert abs(overall[f"auc/{average}"] - value) < 1e-12
            value = metrics.average_precision_score(labels, scores, average=average)
            assert abs(overall[f"ap/{average}"] - value) < 1e-12
    return case | {"overall": clean(overall), "classes": clean(classes)}


def probabilities(random, count, classes, sharpness=1.0, labels=None):
    """Softmax rows, leaning towards the labels where given, rounded to six decimals."""
    logits = random.normal(size=(count, classes)) * sharpness
    if labels is not None:
        logits[np.arange(count), labels] += 1
    rows = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.round(rows / rows.sum(axis=1, keepdims=True), 6)


def binary_cases(random):
    cases = [
        binary_case("one positive", [True], [0.7]),
        binary_case("one negative", [False], [0.2]),
        binary_case("all positive", [True] * 5, [0.1, 0.9, 0.4, 0.6, 0.5]),
        binary_case("all negative", [False] * 4, [0.1, 0.9, 0.4, 0.6]),
        binary_case("constant scores", [True, False, False, True, False], [0.5] * 5),
        binary_case("perfect", [False, False, True, True], [0.1, 0.2, 0.8, 0.9]),
        binary_case("inverted", [True, True, False, False], [0.1, 0.2, 0.8, 0.9]),
        binary_case("none decided", [True, False, True], [0.1, 0.2, 0.3]),
        binary_case("certain and wrong", [True, False, True, False], [0.0, 1.0, 1.0, 0.25]),
        binary_case("logits", [True, False, True, False, True], [3.5, -2.0, -0.5, 0.0, 8.0], 0.0),
        binary_case("signed zeros tie", [True, False, True], [0.0, -0.0, 1.0], 0.5),
    ]
    for count, share, decimals in [(7, 0.5, 1), (40, 0.2, 6), (103, 0.6, 2), (350, 0.03, 6)]:
        labels = random.random(count) < share
        labels[:2] = [True, False]
        raw = 1 / (1 + np.exp(-(random.normal(size=count) + 1.2 * labels - 0.4)))
        scores = np.round(raw, decimals)
        cases.append(binary_case(f"random {count}, {decimals} decimals", labels, scores))
    labels, scores = random.random(30) < 0.4, np.round(random.random(30), 1)
    counts = random.integers(0, 4, size=30).tolist()
    cases.append(binary_case("multiplicities", labels, scores, 0.35, counts))
    return cases


def multiclass_cases(random):
    cases = [
        multiclass_case("one sample", [1], [[0.2, 0.5, 0.3]]),
        multiclass_case("one class", [2, 2, 2], [[0.1, 0.2, 0.7], [0.3, 0.3, 0.4], [0.0, 0.1, 0.9]]),
        multiclass_case("constant scores", [0, 1, 2, 1, 0, 1], [[0.25, 0.5, 0.25]] * 6),
        multiclass_case("ties in a row", [0, 1, 2], [[0.4, 0.4, 0.2], [0.4, 0.2, 0.4], [1 / 3] * 3]),
        multiclass_case("perfect", [0, 1, 2, 0], [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]),
        multiclass_case("cyclically wrong", [0, 1, 2], [[0, 1, 0], [0, 0, 1], [1, 0, 0]]),
    ]
    for count, classes, absent, decimals in [
        (12, 2, [], 1),
        (60, 3, [], 6),
        (103, 5, [], 2),
        (103, 5, [1], 6),
        (40, 5, [0, 4], 1),
        (25, 7, [2, 3, 6], 6),
    ]:
        present = [k for k in range(classes) if k not in absent]
        labels = random.choice(present, size=count)
        labels[: len(present)] = present
        scores = np.round(probabilities(random, count, classes, labels=labels), decimals)
        cases.append(
            multiclass_case(f"random {count} × {classes} without {absent}, {decimals} decimals",
                            labels, scores)
        )
    labels, scores = random.integers(0, 4, size=50), np.round(random.normal(size=(50, 4)) * 3, 3)
    cases.append(multiclass_case("logits", labels, scores))
    absent_and_predicted = [[0.1, 0.2, 0.7], [0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.1, 0.1, 0.8]]
    cases.append(multiclass_case("absent but predicted", [0, 0, 1, 1], absent_and_predicted))
    labels = random.integers(0, 3, size=40)
    scores = np.round(probabilities(random, 40, 3, labels=labels), 1)
    counts = random.integers(0, 4, size=40).tolist()
    cases.append(multiclass_case("multiplicities", labels, scores, counts))
    return cases


def multilabel_cases(random):
    cases = [
        multilabel_case("one sample", [[True, False]], [[0.9, 0.6]]),
        multilabel_case("one class", [[True], [False], [True]], [[0.9], [0.6], [0.3]]),
        multilabel_case("nothing shown", [[False, False]] * 3, [[0.1, 0.6], [0.2, 0.5], [0.9, 0.9]]),
        multilabel_case("everything shown", [[True, True]] * 3, [[0.1, 0.6], [0.2, 0.5], [0.9, 0.9]]),
        multilabel_case("constant scores", [[True, False], [False, True], [True, True]],
                        [[0.4, 0.6]] * 3),
    ]
    for count, classes, decimals in [(30, 3, 1), (80, 6, 6), (103, 4, 2)]:
        labels = random.random((count, classes)) < random.uniform(0.1, 0.6, size=classes)
        labels[0], labels[1] = True, False
        raw = 1 / (1 + np.exp(-(random.normal(size=labels.shape) + 1.5 * labels - 1)))
        name = f"random {count} × {classes}, {decimals} decimals"
        cases.append(multilabel_case(name, labels, np.round(raw, decimals)))
        labels = labels.copy()
        labels[:, 1] = False
        labels[:, 2] = True
        cases.append(
            multilabel_case(f"{name}, one never and one always", labels, np.round(raw, decimals))
        )
    labels, scores = random.random((25, 4)) < 0.4, np.round(random.normal(size=(25, 4)), 2)
    cases.append(multilabel_case("logits and thresholds", labels, scores, [0.0, -0.5, 0.3, 1.0]))
    labels, scores = random.random((30, 3)) < 0.4, np.round(random.random((30, 3)), 1)
    counts = random.integers(0, 4, size=30).tolist()
    cases.append(multilabel_case("multiplicities", labels, scores, multiplicities=counts))
    return cases


def curve_cases(random):
    cases = []
    for count, decimals in [(2, 1), (9, 1), (60, 2), (150, 6)]:
        labels = random.random(count) < 0.4
        labels[:2] = [True, False]
        scores = np.round(random.normal(size=count) + labels, decimals)
        false_positive, true_positive, _ = metrics.roc_curve(labels, scores, drop_intermediate=False)
        precision, recall, _ = metrics.precision_recall_curve(labels, scores)
        cases.append({
            "labels": labels.tolist(),
            "scores": scores.tolist(),
            "roc": [false_positive.tolist(), true_positive.tolist()],
            "pr": [recall[::-1].tolist(), precision[::-1].tolist()],
        })
    return cases


def quantile_cases(random):
    shares = [0.0, 0.025, 0.31, 0.5, 0.975, 1.0]
    cases = []
    for count in (1, 2, 17, 1000):
        values = np.sort(np.round(random.normal(size=count), 4))
        cases.append({
            "sorted": values.tolist(),
            "shares": shares,
            "quantiles": np.quantile(values, shares).tolist(),
        })
    return cases


def main():
    OUTPUT.mkdir(exist_ok=True)
    files = {}
    makers = [binary_cases, multiclass_cases, multilabel_cases, curve_cases, quantile_cases]
    names = ["binary", "multiclass", "multilabel", "curves", "quantiles"]
    for index, (name, make) in enumerate(zip(names, makers)):
        cases = make(np.random.default_rng([SEED, index]))
        text = "[\n" + ",\n".join(json.dumps(case, allow_nan=False) for case in cases) + "\n]\n"
        (OUTPUT / f"{name}.json").write_text(text)
        files[f"{name}.json"] = hashlib.sha256(text.encode()).hexdigest()
    manifest = {
        "script": "Tests/Fixtures/generate/metrics.py",
        "seed": SEED,
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "sha256": files,
    }
    (OUTPUT / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


main()
