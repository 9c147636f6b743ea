"""Linear probe: vbench against scikit-learn on 10,000 x 768 features, in turn on this machine.

    python benchmarks/linear_probe.py --vbench .build/release/vbench [--sweep 20] [--csv FILE]

Both programs get the same float32 features and two threads. scikit-learn runs at the loosest
tolerance whose objective lies within 1e-6 (relative) of the best one known, on float32 and on
float64 features; each time is compared with the faster of the two. Sweeps of scikit-learn start
each fit at the last solution (`warm_start`). Times are medians over alternating repetitions, from
features in memory to coefficients.

Features: `isotropic`, independent normal columns, the easiest for any solver; `encoder`, columns
correlated with a power-law spectrum, as an image encoder's are. Needs numpy, scikit-learn and
threadpoolctl.
"""

import argparse
import csv
import json
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

CLASSES = 5


def samples(kind, rows, columns, seed):
    """Standardised float32 features and five overlapping classes."""
    generator = np.random.default_rng(seed)
    if kind == "isotropic":
        features = generator.standard_normal((rows, columns))
        weights = generator.standard_normal((CLASSES, columns)) * (2 / np.sqrt(columns))
        scores = features @ weights.T
    else:
        hidden = generator.standard_normal((rows, columns))
        rotation = np.linalg.qr(generator.standard_normal((columns, columns)))[0]
        weights = generator.standard_normal((CLASSES, columns)) * np.exp(-np.arange(columns) / 60)
        weights /= np.linalg.norm(weights, axis=1, keepdims=True)
        scores = 3 * hidden @ weights.T + np.array([2, 0, 1, -0.5, -1])
        features = (hidden * np.arange(1, columns + 1) ** -0.75) @ rotation
    labels = (scores + generator.gumbel(size=scores.shape)).argmax(1)
    features = (features - features.mean(0)) / features.std(0)
    return np.ascontiguousarray(features.astype(np.float32)), labels.astype(np.int32)


def objective(features, labels, strength, coefficients, intercepts):
    """The sum of losses plus the penalty, in double precision."""
    scores = features.astype(np.float64) @ coefficients.T.astype(np.float64) + intercepts
    largest = scores.max(1, keepdims=True)
    total = np.log(np.exp(scores - largest).sum(1)) + largest[:, 0]
    penalty = (coefficients.astype(np.float64) ** 2).sum() / (2 * strength)
    return (total - scores[np.arange(len(labels)), labels]).sum() + penalty


def run_scikit_learn(features, labels, strengths, tolerance):
    """Seconds and the objective per strength."""
    model = LogisticRegression(tol=tolerance, max_iter=10_000, warm_start=True)
    fitted = []
    start = time.perf_counter()
    for strength in strengths:
        model.set_params(C=strength).fit(features, labels)
        fitted.append((model.coef_.copy(), model.intercept_.copy()))
    seconds = time.perf_counter() - start
    values = [objective(features, labels, c, *pair) for c, pair in zip(strengths, fitted)]
    return seconds, np.array(values)


def run_vbench(command, folder, shape, strengths, tolerance):
    """Seconds and the objective per strength, as `vbench bench logistic` reports them."""
    arguments = [
        *shlex.split(command),
        "bench",
        "logistic",
        *("--features", str(folder / "features.f32"), "--labels", str(folder / "labels.i32")),
        *("--dimensions", str(shape[1]), "--classes", str(CLASSES)),
        *("--threads", "2", "--repeat", "1", "--tolerance", str(tolerance)),
        *("--strengths", ",".join(repr(float(value)) for value in strengths)),
    ]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(arguments)} failed:\n{done.stderr}")
    report = json.loads(done.stdout)
    return report["seconds"][0], np.array(report["objectives"])


def excess(values, best):
    return float(np.max((values - best) / np.abs(best)))


def compare(kind, strengths, options):
    """One row of the table: the same problem by both programs, in turn."""
    features, labels = samples(kind, options.rows, options.columns, options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        features.tofile(folder / "features.f32")
        labels.tofile(folder / "labels.i32")
        ours = lambda tolerance: run_vbench(
            options.vbench, folder, features.shape, strengths, tolerance
        )
        _, best = ours(1e-15)
        variants = {}
        for dtype in (np.float32, np.float64):
            typed = features.astype(dtype)
            for tolerance in (1e-4, 1e-5, 1e-6, 1e-7):
                seconds, values = run_scikit_learn(typed, labels, strengths, tolerance)
                if excess(values, best) <= 1e-6:
                    variants[np.dtype(dtype).name] = (typed, tolerance, seconds)
                    break
        if not variants:
            return {"features": kind, "strengths": len(strengths), "note": "scikit-learn > 1e-6"}
        fastest = min(variants, key=lambda key: variants[key][2])
        typed, tolerance, _ = variants[fastest]
        times, theirs = [], []
        for _ in range(options.repeat):
            seconds, values = ours(options.tolerance)
            times.append(seconds)
            their_seconds, their_values = run_scikit_learn(typed, labels, strengths, tolerance)
            theirs.append(their_seconds)
    return {
        "features": kind,
        "strengths": len(strengths),
        "vbench_seconds": round(statistics.median(times), 4),
        "scikit_learn_seconds": round(statistics.median(theirs), 4),
        "ratio": round(statistics.median(theirs) / statistics.median(times), 2),
        "vbench_excess": f"{excess(values, best):.1e}",
        "scikit_learn_excess": f"{excess(their_values, best):.1e}",
        "scikit_learn": f"{fastest}, tol {tolerance:g}",
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vbench", default=".build/release/vbench", help="the program to run")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--columns", type=int, default=768)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--sweep", type=int, default=20, help="strengths of the sweep; 0: none")
    parser.add_argument("--strength", type=float, default=1.0, help="C of the single fit")
    parser.add_argument("--tolerance", type=float, default=1e-12, help="vbench's own")
    parser.add_argument("--kinds", default="isotropic,encoder")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--csv", help="also write the table here")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    rows = []
    with threadpool_limits(2):
        for kind in options.kinds.split(","):
            rows.append(compare(kind, [options.strength], options))
            print(rows[-1], flush=True)
            if options.sweep > 1:
                rows.append(compare(kind, np.logspace(-4, 2, options.sweep), options))
                print(rows[-1], flush=True)
    if options.csv:
        names = list(dict.fromkeys(name for row in rows for name in row))
        with open(options.csv, "w", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
