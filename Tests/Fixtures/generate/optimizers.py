"""Reference solutions of L2-regularised logistic regression by scikit-learn.

Writes Tests/Fixtures/Optimizers/logistic.json and manifest.json. Needs numpy and scikit-learn:

    python Tests/Fixtures/generate/optimizers.py
"""

import hashlib
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import StandardScaler

SEED = 20250611
FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Optimizers"

# name, samples, dimensions, classes, scheme, balanced, sample weights, strengths
CASES = [
    ("two classes", 60, 5, 2, "multinomial", False, False, [0.01, 1, 100]),
    ("two classes, balanced", 60, 5, 2, "multinomial", True, False, [0.1, 10]),
    ("three classes", 90, 7, 3, "multinomial", False, False, [0.001, 0.1, 1, 1000]),
    ("three classes, balanced and weighted", 90, 7, 3, "multinomial", True, True, [0.1, 10]),
    ("five classes", 150, 11, 5, "multinomial", False, False, [0.01, 1, 100]),
    ("five classes, weighted", 150, 11, 5, "multinomial", False, True, [1]),
    ("few shots of five classes", 15, 37, 5, "multinomial", False, False, [0.01, 1, 100]),
    ("few shots of two classes", 10, 33, 2, "multinomial", True, False, [0.1, 10]),
    ("one against rest of three", 90, 7, 3, "one-vs-rest", False, False, [0.01, 1, 100]),
    ("one against rest of five, balanced", 150, 11, 5, "one-vs-rest", True, False, [0.1, 10]),
    ("few shots, one against rest", 15, 37, 5, "one-vs-rest", False, False, [0.1, 10]),
    ("four labels", 90, 7, 4, "multilabel", False, False, [0.01, 1, 100]),
    ("four labels, balanced", 90, 7, 4, "multilabel", True, False, [1]),
]


def samples(generator, count, dimensions, classes):
    """Correlated float32 features and classes of unequal frequency that overlap."""
    mixing = generator.standard_normal((dimensions, dimensions)) * 0.6
    features = generator.standard_normal((count, dimensions)) @ mixing
    features = (features + generator.standard_normal(dimensions)).astype(np.float32)
    weights = generator.standard_normal((dimensions, classes)) * 0.7
    scores = features @ weights + generator.gumbel(size=(count, classes)) * 1.5
    scores -= np.arange(classes) * 0.5
    labels = scores.argmax(1)
    labels[:classes] = np.arange(classes)  # Each class is there.
    return features, labels, scores


def short(floats):
    """The shortest decimals that are read back as the same float32."""
    return [float(str(value)) for value in floats.ravel()]


def loss(kind, scores, targets):
    if kind == "softmax":
        largest = scores.max(1, keepdims=True)
        total = np.log(np.exp(scores - largest).sum(1)) + largest[:, 0]
        return total - scores[np.arange(len(scores)), targets]
    return np.logaddexp(0, scores) - targets * scores


def binary_objective(model, features, answers, weights, balanced, strength):
    scores = features @ model.coef_[0] + model.intercept_[0]
    if balanced:
        sides = np.array([weights[answers == side].sum() for side in (0, 1)])
        weights = weights * (weights.sum() / (2 * sides))[answers.astype(int)]
    penalty = (model.coef_**2).sum() / (2 * strength)
    return (weights * loss("sigmoid", scores, answers)).sum() + penalty


def fit(case, features, labels, answers, weights, strength):
    _, _, _, classes, scheme, balanced, weighted, _ = case
    features = features.astype(np.float64)
    # Both solvers at their tightest; the one of the smaller objective is the reference.
    best = None
    for solver, tolerance in (("newton-cholesky", 1e-12), ("lbfgs", 1e-12)):
        base = LogisticRegression(
            C=strength,
            solver=solver,
            tol=tolerance,
            max_iter=100_000,
            class_weight="balanced" if balanced else None,
        )
        options = {"sample_weight": weights} if weighted else {}
        if scheme == "multinomial":
            model = base.fit(features, labels, **options)
            if classes == 2:
                value = binary_objective(model, features, labels, weights, balanced, strength)
            else:
                scale = weights
                if balanced:
                    totals = np.bincount(labels, weights, classes)
                    scale = weights * (weights.sum() / (classes * totals))[labels]
                scores = features @ model.coef_.T + model.intercept_
                value = (scale * loss("softmax", scores, labels)).sum()
                value += (model.coef_**2).sum() / (2 * strength)
            coefficients, intercepts = model.coef_, model.intercept_
        else:
            model = OneVsRestClassifier(base)
            model.fit(features, answers if scheme == "multilabel" else labels)
            parts = model.estimators_
            columns = (
                answers.T if scheme == "multilabel" else [labels == k for k in range(classes)]
            )
            value = sum(
                binary_objective(part, features, np.asarray(column), weights, balanced, strength)
                for part, column in zip(parts, columns)
            )
            coefficients = np.vstack([part.coef_ for part in parts])
            intercepts = np.concatenate([part.intercept_ for part in parts])
        if best is None or value < best["objective"]:
            best = {
                "strength": strength,
                "objective": float(value),
                "coefficients": coefficients.ravel().tolist(),
                "intercepts": intercepts.tolist(),
                "probabilities": model.predict_proba(features).ravel().round(12).tolist(),
            }
    return best


def main():
    warnings.simplefilter("ignore")
    generator = np.random.default_rng(SEED)
    cases = []
    for case in CASES:
        name, count, dimensions, classes, scheme, balanced, weighted, strengths = case
        features, labels, scores = samples(generator, count, dimensions, classes)
        answers = (scores > np.median(scores, axis=0) + np.arange(classes) * 0.8).astype(int)
        weights = generator.integers(1, 9, count) / 4 if weighted else np.ones(count)
        cases.append(
            {
                "name": name,
                "rows": count,
                "dimensions": dimensions,
                "classes": classes,
                "scheme": scheme,
                "isBalanced": balanced,
                "sampleWeights": weights.tolist() if weighted else None,
                "features": short(features),
                "labels": labels.tolist(),
                "answers": answers.ravel().tolist() if scheme == "multilabel" else None,
                "fits": [fit(case, features, labels, answers, weights, c) for c in strengths],
            }
        )
    raw = generator.standard_normal((23, 5)).astype(np.float32) * 3 + 7
    raw[:, 2] = 0.1  # A constant that no binary float equals.
    raw[:, 3] += 1e4
    scaler = StandardScaler().fit(raw.astype(np.float64))
    standardizer = {
        "rows": 23,
        "dimensions": 5,
        "features": short(raw),
        "means": scaler.mean_.tolist(),
        "scales": scaler.scale_.tolist(),
        "standardized": scaler.transform(raw.astype(np.float64)).ravel().tolist(),
    }
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps({"logistic": cases, "standardizer": standardizer}, separators=(",", ":"))
    (FOLDER / "logistic.json").write_text(text + "\n")
    manifest = {
        "script": "Tests/Fixtures/generate/optimizers.py",
        "seed": SEED,
        "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
        "sha256": {"logistic.json": hashlib.sha256((text + "\n").encode()).hexdigest()},
    }
    (FOLDER / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
