"""Makes Tests/Fixtures/Autograd/tokens.json, what TokenTests, EmbeddingTests and ShapeTests compare with.

    pip install torch numpy
    python Tests/Fixtures/generate/autograd_tokens.py
"""

import torch

from autograd_recording import normal, operation, write


def tokens():
    """Tokens chosen, averaged and put before others."""
    x, token, positions = normal(3, 4, 5), normal(5), normal(5, 5)
    yield operation("token", lambda x: x[:, 2], {"x": x})
    yield operation("mean-token", lambda x: x[:, 1:4].mean(dim=1), {"x": x})

    def prepended(first, x, positions):
        return torch.cat([first.expand(x.shape[0], 1, -1), x], dim=1) + positions

    yield operation("prepend", prepended, {"token": token, "x": x, "positions": positions})

    def mean_prepended(x, positions):
        return torch.cat([x.mean(dim=1, keepdim=True), x], dim=1) + positions

    yield operation("prepend-mean", mean_prepended, {"x": x, "positions": positions})


def tables():
    """Rows looked up and rows mixed; some rows of the tables are chosen often, some never."""
    words, places, kinds = normal(11, 7), normal(3, 7), normal(2, 7)
    word = torch.tensor([[10, 0, 3], [3, 3, 9]])
    place, kind = torch.tensor([[0, 1, 2], [0, 1, 2]]), torch.zeros(2, 3, dtype=torch.long)
    yield operation(
        "embedding",
        lambda words, places, kinds, a, b, c: words[a.long()] + places[b.long()] + kinds[c.long()],
        {"words": words, "places": places, "kinds": kinds},
        {"word": word.double(), "place": place.double(), "kind": kind.double()},
    )
    rows, weights = torch.tensor([[0, 0, 1], [4, 2, 4], [2, 2, 2], [5, 0, 1]]), normal(4, 3)
    yield operation(
        "resampled",
        lambda table, rows, weights: (table[rows.long()] * weights[..., None]).sum(dim=1),
        {"table": normal(6, 5)}, {"rows": rows.double(), "weights": weights},
    )


def shapes():
    """What moves, adds and scales."""
    x = normal(2, 3, 5)
    yield operation("reshaped", lambda x: x.reshape(6, 5), {"x": x})
    yield operation("add", lambda a, b: a + b, {"a": x, "b": normal(2, 3, 5)})
    yield operation("scaled", lambda x: -1.75 * x, {"x": x})
    yield operation("multiplied", lambda x, columns: x * columns, {"x": x, "columns": normal(5)})
    parts = {"a": normal(2, 3, 4), "b": normal(2, 3, 1), "c": normal(2, 3, 7)}
    yield operation("concatenated", lambda *parts: torch.cat(parts, dim=-1), parts)
    yield operation("columns", lambda x: x[..., 1:4], {"x": x})
    yield operation("sum", lambda x: x.sum(), {"x": x})
    yield operation("mean", lambda x: x.mean(), {"x": x})
    yield operation("tokens-behind-first", lambda x: x[:, 1:], {"x": normal(3, 4, 5)})


def cases():
    """All of them."""
    yield from tokens()
    yield from tables()
    yield from shapes()


write("tokens", 20273, cases)
