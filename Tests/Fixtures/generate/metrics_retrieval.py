"""Reference values of retrieval, computed with NumPy alone.

    python Tests/Fixtures/generate/metrics_retrieval.py

writes Tests/Fixtures/Metrics/retrieval.json and retrieval-manifest.json. A query's candidates are put
in order one by one, as a search would list them: no formula of the module under test is used.
"""

import hashlib
import itertools
import json
import pathlib
import platform

import numpy as np

SEED = 20264
OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "Metrics"


def pessimistic_rank(scores, is_right):
    """The place of the first right candidate, wrong ones first among equals."""
    order = sorted(range(len(scores)), key=lambda j: (-scores[j], is_right[j]))
    return 1.0 + next(place for place, j in enumerate(order) if is_right[j])


def mean_rank(scores, is_right):
    """The expected place of the first right candidate when equals stand in random order."""
    best = max(s for s, right in zip(scores, is_right) if right)
    before = sum(s > best for s in scores)
    tied = [right for s, right in zip(scores, is_right) if s == best]
    if len(tied) <= 7:
        places = [order.index(True) for order in itertools.permutations(tied)]
        return 1.0 + before + float(np.mean(places))
    # The probability that the first p are all wrong, summed over p.
    expected, still_wrong, wrong = 0.0, 1.0, tied.count(False)
    for p in range(len(tied)):
        still_wrong *= max(wrong - p, 0) / (len(tied) - p)
        expected += still_wrong
    return 1.0 + before + expected


RULES = {"pessimistic": pessimistic_rank, "mean": mean_rank}


def summary(ranks, counts, size):
    """Recall at 1, 5 and 10, null where the gallery is no larger, and the median rank."""
    repeated = np.repeat(ranks, counts)
    values = {
        f"recall-at-{k}": float(np.mean(repeated <= k)) if size > k and len(repeated) else None
        for k in (1, 5, 10)
    }
    values["median-rank"] = float(np.median(repeated)) if len(repeated) else None
    return values


def case(name, similarities, texts, counts=None):
    """Every rule's ranks and values for one matrix of images × texts."""
    size = len(similarities)
    texts = np.asarray(texts)
    counts = np.ones(size, dtype=int) if counts is None else np.asarray(counts)
    expected = {}
    for match, numbers in (("exact", np.arange(size)), ("same-text", texts)):
        right = numbers[:, None] == numbers[None, :]
        for rule, rank in RULES.items():
            forward = [rank(list(similarities[i]), list(right[i])) for i in range(size)]
            backward = [rank(list(similarities[:, i]), list(right[i])) for i in range(size)]
            expected[f"{match}/{rule}"] = {
                "image-to-text": {"ranks": forward, **summary(forward, counts, size)},
                "text-to-image": {"ranks": backward, **summary(backward, counts, size)},
            }
    return {
        "name": name,
        "count": size,
        "similarities": similarities.reshape(-1).tolist(),
        "texts": texts.tolist(),
        "multiplicities": counts.tolist(),
        "expected": expected,
    }


def main():
    random = np.random.default_rng(SEED)
    cases = []
    for size, kinds in ((2, 2), (7, 3), (11, 4), (23, 9), (41, 12)):
        texts = random.integers(kinds, size=size)
        images = random.normal(size=(size, 6))
        prototypes = random.normal(size=(kinds, 6))
        # Equal texts have equal columns, as equal texts have equal features.
        mixed = (images + 1.2 * prototypes[texts]) @ prototypes[texts].T / 8
        cases.append(case(f"{size} pairs of {kinds} texts", np.round(mixed, 6), texts))
        steps = np.round(mixed * 2) / 2
        cases.append(case(f"{size} pairs in steps", steps, texts))
        cases.append(
            case(f"{size} pairs counted otherwise", steps, texts, random.integers(4, size=size))
        )
    size = 12
    cases.append(case("all equal", np.full((size, size), 0.5), np.arange(size) % 5))
    cases.append(case("perfect", np.eye(size), np.arange(size)))
    cases.append(case("reversed", 1 - np.eye(size), np.arange(size)))
    cases.append(case("nothing counts", np.eye(size), np.arange(size), np.zeros(size, dtype=int)))
    path = OUTPUT / "retrieval.json"
    path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
    manifest = {
        "script": "Tests/Fixtures/generate/metrics_retrieval.py",
        "seed": SEED,
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest()},
    }
    (OUTPUT / "retrieval-manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    main()
