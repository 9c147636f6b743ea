"""Zero-shot arithmetic by NumPy and linear probes by scikit-learn.

Writes Tests/Fixtures/Evaluation/{zero_shot,probe,manifest}.json. Needs numpy and scikit-learn:

    python Tests/Fixtures/generate/evaluation.py
"""

import hashlib
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import StandardScaler, normalize

SEED = 20261121
FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Evaluation"
STRENGTHS = [1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0]

# name, task, scheme, scaling, balanced, strengths, whether the choice is refitted with validation
CASES = [
    ("multinomial, C 0.01", "grade", "multinomial", "standardized", False, [0.01], True),
    ("multinomial, C 1", "grade", "multinomial", "standardized", False, [1.0], True),
    ("one against rest, C 0.1", "grade", "one-vs-rest", "standardized", False, [0.1], True),
    ("raw features", "grade", "multinomial", "none", False, [0.1], True),
    ("balanced, unit length", "grade", "multinomial", "unit_length", True, [0.316], True),
    ("two classes, C 0.1", "referable", "multinomial", "standardized", False, [0.1], True),
    ("two classes, balanced", "referable", "multinomial", "standardized", True, [1.0], True),
    ("findings, C 0.1", "findings", "one-vs-rest", "standardized", False, [0.1], True),
    ("swept", "grade", "multinomial", "standardized", False, STRENGTHS, True),
    ("swept, not refitted", "grade", "multinomial", "standardized", False, STRENGTHS, False),
    ("swept, one against rest", "grade", "one-vs-rest", "standardized", False, STRENGTHS, True),
    ("swept, two classes", "referable", "multinomial", "standardized", False, STRENGTHS, True),
    ("swept findings", "findings", "one-vs-rest", "standardized", False, STRENGTHS, True),
]


def short(floats):
    """The shortest decimals that are read back as the same float32."""
    return [float(str(value)) for value in np.asarray(floats, np.float32).ravel()]


def float32(values):
    return np.array(short(values), np.float32).reshape(np.shape(values)).astype(np.float64)


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def softmax(logits):
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def zero_shot(generator):
    """Ensembles of unequal size whose sentences have unequal lengths."""
    width, images, sizes, absent_sizes = 12, 7, [3, 1, 5, 2], [2, 4, 1, 3]
    common = generator.standard_normal(width)

    def sentences(sizes):
        lengths = [3 ** generator.random((size, 1)) for size in sizes]
        return [
            float32((generator.standard_normal((size, width)) + common) * length)
            for size, length in zip(sizes, lengths)
        ]

    present, absent = sentences(sizes), sentences(absent_sizes)
    pictures = float32((generator.standard_normal((images, width)) + common) * 5)
    scale = 14.25
    cases = []
    for normalizes in (True, False):

        def prototypes(groups):
            means = np.stack([unit(group).mean(0) for group in groups])
            return unit(means) if normalizes else means

        shown = unit(pictures) @ prototypes(present).T
        hidden = unit(pictures) @ prototypes(absent).T
        cases.append(
            {
                "normalizes": normalizes,
                "similarities": shown.ravel().tolist(),
                "classes": softmax(scale * shown).ravel().tolist(),
                "findings": softmax(scale * np.stack([shown, hidden], -1))[..., 0].ravel().tolist(),
            }
        )
    return {
        "width": width,
        "scale": scale,
        "present": [short(group) for group in present],
        "absent": [short(group) for group in absent],
        "images": short(pictures),
        "cases": cases,
    }


def macro_auc(task, labels, probabilities):
    if task == "referable":
        return roc_auc_score(labels, probabilities[:, 1])
    return roc_auc_score(labels, probabilities, average="macro", multi_class="ovr")


def probabilities(case, train, labels, others, strength):
    """scikit-learn's at its tightest, for each matrix of `others`."""
    _, task, scheme, scaling, balanced, _, _ = case
    if scaling == "standardized":
        scaler = StandardScaler().fit(train)
        train, others = scaler.transform(train), [scaler.transform(other) for other in others]
    elif scaling == "unit_length":
        train, others = normalize(train), [normalize(other) for other in others]
    model = LogisticRegression(
        C=strength,
        solver="newton-cholesky",
        tol=1e-12,
        max_iter=100_000,
        class_weight="balanced" if balanced else None,
    )
    if scheme == "one-vs-rest":
        model = OneVsRestClassifier(model)
    model.fit(train, labels)
    return [model.predict_proba(other) for other in others]


def probe(generator):
    counts = {"train": 60, "validation": 30, "test": 36}
    width, total = 20, sum(counts.values())
    mixing = generator.standard_normal((width, width)) * 0.6
    features = generator.standard_normal((total, width)) @ mixing
    features = float32((features + generator.standard_normal(width)) * np.geomspace(0.1, 10, width))
    hidden = (features - features.mean(0)) / features.std(0)
    weights = generator.standard_normal((width, 4))
    weights[5:] = 0  # The others are noise, so that a penalty pays.
    scores = hidden @ weights + generator.gumbel(size=(total, 4)) * 1.5
    grades = (scores - np.arange(4) * 0.4).argmax(1)
    findings = (scores[:, :3] > np.array([0.5, 1.5, 2.5])).astype(int)
    ends = np.cumsum(list(counts.values()))
    parts = {name: np.arange(end - counts[name], end) for name, end in zip(counts, ends)}
    targets = {"grade": grades, "referable": (grades >= 2).astype(int), "findings": findings}
    cases = []
    for case in CASES:
        name, task, scheme, scaling, balanced, strengths, refits = case
        labels = targets[task]
        train, validation, test = parts["train"], parts["validation"], parts["test"]
        scored, chosen = [], strengths[0]
        if len(strengths) > 1:
            for strength in strengths:
                (predicted,) = probabilities(
                    case, features[train], labels[train], [features[validation]], strength
                )
                scored.append(macro_auc(task, labels[validation], predicted))
            best = max(scored)
            chosen = strengths[next(i for i, v in enumerate(scored) if v > best - 1e-12)]
        final = train if len(strengths) > 1 and not refits else np.r_[train, validation]
        (predicted,) = probabilities(case, features[final], labels[final], [features[test]], chosen)
        cases.append(
            {
                "name": name,
                "task": task,
                "scheme": scheme,
                "scaling": scaling,
                "classWeights": "balanced" if balanced else "uniform",
                "strengths": strengths,
                "refitsWithValidation": refits,
                "validationAUC": scored,
                "chosen": chosen,
                "probabilities": predicted.ravel().round(12).tolist(),
                "testAUC": macro_auc(task, labels[test], predicted),
            }
        )
    return {
        "width": width,
        "counts": counts,
        "features": short(features),
        "grades": grades.tolist(),
        "findings": findings.ravel().tolist(),
        "cases": cases,
    }


def main():
    warnings.simplefilter("ignore")
    generator = np.random.default_rng(SEED)
    files = {"zero_shot.json": zero_shot(generator), "probe.json": probe(generator)}
    FOLDER.mkdir(exist_ok=True)
    manifest = {
        "script": "Tests/Fixtures/generate/evaluation.py",
        "seed": SEED,
        "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
        "sha256": {},
    }
    for name, content in files.items():
        text = json.dumps(content, separators=(",", ":")) + "\n"
        (FOLDER / name).write_text(text)
        manifest["sha256"][name] = hashlib.sha256(text.encode()).hexdigest()
    (FOLDER / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
