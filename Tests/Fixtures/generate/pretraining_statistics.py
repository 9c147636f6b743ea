"""Makes Tests/Fixtures/Pretraining/statistics.json, what PairedComparisonTests compare with.

    pip install scipy numpy
    python Tests/Fixtures/generate/pretraining_statistics.py

Paired t-tests with 95 % intervals, and Student's distribution: SciPy's, in float64.
"""

import json
import pathlib
import platform

import numpy
import scipy
from scipy import stats

SEED = 20283
FIXTURES = pathlib.Path(__file__).resolve().parent.parent


def comparison(generator, count, shift, spread):
    first = generator.uniform(0.6, 0.95, count).round(4)
    second = (first + shift + spread * generator.standard_normal(count)).round(4)
    test = stats.ttest_rel(second, first)
    interval = test.confidence_interval(0.95)
    return {
        "first": first.tolist(), "second": second.tolist(), "mean": float((second - first).mean()),
        "low": float(interval.low), "high": float(interval.high), "p": float(test.pvalue),
    }


def distribution(freedom):
    points = [0.0, 0.1, 0.5, 1.0, 1.5, 2.0, 2.776, 4.0, 8.5, 25.0]
    return {
        "freedom": freedom, "t": points, "p": [float(2 * stats.t.sf(t, freedom)) for t in points],
        "quantile975": float(stats.t.ppf(0.975, freedom)),
    }


generator = numpy.random.default_rng(SEED)
sizes = [(2, 0.01, 0.02), (3, 0.0, 0.03), (5, 0.02, 0.01), (5, -0.05, 0.002), (7, 0.003, 0.02), (10, 0.1, 0.04)]
recorded = {
    "manifest": {
        "script": "Tests/Fixtures/generate/pretraining_statistics.py",
        "python": platform.python_version(), "scipy": scipy.__version__, "numpy": numpy.__version__, "seed": SEED,
    },
    "comparisons": [comparison(generator, *size) for size in sizes],
    "distributions": [distribution(freedom) for freedom in [1, 2, 3, 4, 5, 6, 9, 10, 19, 40, 101]],
}
output = FIXTURES / "Pretraining" / "statistics.json"
output.write_text(json.dumps(recorded, indent=1) + "\n", encoding="ascii")
