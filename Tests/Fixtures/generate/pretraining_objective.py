"""Makes Tests/Fixtures/Pretraining/objective.json, what ContrastiveLossTests compare with.

    pip install torch numpy
    python Tests/Fixtures/generate/pretraining_objective.py

Contrastive losses of five pairs, with and without a queue of eleven, with all gradients: PyTorch's, in float64. A case is
called LOSS-REFILL-WHAT.
"""

import json
import platform

import numpy
import torch
from torch.nn import functional

from autograd_recording import FIXTURES, normal, operation, stored

SEED = 20282
LABELS = [[0], [0, 2], [0], [], [1, 3]]
QUEUED = [[0], [0, 2, 4], [], [1, 3], [5], [0], [1], [0, 2], [], [3], [0, 1]]
COLUMNS = 6


def hot(rows):
    made = torch.zeros(len(rows), COLUMNS, dtype=torch.float64)
    for row, labels in enumerate(rows):
        made[row, labels] = 1
    return made


def cosines(rows, columns):
    """Of label vectors; 1 for two without labels, 0 for one without and one with."""
    return torch.tensor([
        [float(set(a) == set(b)) if not a or not b else len(set(a) & set(b)) / (len(a) * len(b)) ** 0.5 for b in columns]
        for a in rows
    ], dtype=torch.float64)


def pair_weights(loss, refill, gamma, batch, queue):
    """What each negative weighs, [B, B + Q]; 0 for those that are none."""
    made = torch.zeros(len(batch), len(batch) + len(queue), dtype=torch.float64)
    closeness = cosines(batch, batch + queue)
    for i, own in enumerate(batch):
        negatives = [j for j, other in enumerate(batch + queue) if j != i and (loss == "infonce" or other != own)]
        inside = [j for j in negatives if j < len(batch)]
        outside = [j for j in negatives if j >= len(batch)]
        taken = {"none": 0, "all": len(queue), "vacancies": len(batch) - 1 - len(inside)}[refill]
        for j in inside + outside[:taken]:
            made[i, j] = (1 - closeness[i, j]) ** gamma if loss == "wsc" else 1
    return made


def one_way(anchors, candidates, scale, loss, weights, targets, keys=None):
    logits = scale.exp() * anchors @ candidates.T
    if keys is not None:
        # Entries of the queue are coupled with the keys: what the same encoder made of the positives.
        shift = logits.diagonal() - scale.exp() * (anchors * keys).sum(1)
        logits = torch.cat([logits[:, :len(anchors)], logits[:, len(anchors):] + shift[:, None]], 1)
    if loss == "soft-targets":
        return functional.cross_entropy(logits[:, :targets.shape[1]], targets)
    if loss == "infonce":
        taken = weights.sum(0) > 0
        taken[:len(logits)] = True
        return functional.cross_entropy(logits[:, taken], torch.arange(len(logits)))
    own = torch.eye(*logits.shape, dtype=torch.bool)
    differences = logits - logits.diagonal()[:, None]
    return torch.logsumexp(differences + torch.where(own, 1.0, weights).log(), 1).mean()


def unit(count):
    return functional.normalize(normal(count, 7)).float().double()


def case(loss, refill="none", what="plain", queue=(), gamma=1.0, temperature=1.0, scale=1.5, momentum=None):
    batch, queue = LABELS, list(queue)
    weights = pair_weights(loss, refill, gamma, batch, queue)
    candidates = batch + (queue if refill == "all" else [])
    targets = torch.softmax(cosines(batch, candidates) / temperature, 1)
    constants = {"image_queue": unit(len(queue)), "text_queue": unit(len(queue))}
    if momentum:
        constants |= {f"image_{momentum}": unit(len(batch)), f"text_{momentum}": unit(len(batch))}

    def total(images, texts, scale, image_queue, text_queue, image_momentum=None, text_momentum=None):
        image_targets, text_targets = (image_momentum, text_momentum) if momentum == "targets" else (None, None)
        image_keys, text_keys = (image_momentum, text_momentum) if momentum == "keys" else (None, None)
        from_images = torch.cat([texts if text_targets is None else text_targets, text_queue])
        from_texts = torch.cat([images if image_targets is None else image_targets, image_queue])
        return (
            one_way(images, from_images, scale, loss, weights, targets, text_keys)
            + one_way(texts, from_texts, scale, loss, weights, targets, image_keys)
        ) / 2
    recorded = operation(
        f"{loss}-{refill}-{what}", total,
        {"images": unit(len(batch)), "texts": unit(len(batch)), "scale": torch.tensor(scale, dtype=torch.float64)},
        constants, gamma=gamma, temperature=temperature,
    )
    recorded["arrays"] |= {"labels": stored(hot(batch)), "queue_labels": stored(hot(queue))}
    return recorded


def cases():
    for loss in ["wsc", "infonce", "soft-targets", "elimination"]:
        yield case(loss)
        for refill in ["vacancies", "all", "none"]:
            yield case(loss, refill, "queue", QUEUED)
        yield case(loss, "all", "momentum", QUEUED[:3], momentum="targets")
        yield case(loss, "vacancies", "few", QUEUED[:1], scale=4.25)
    yield case("wsc", "all", "gamma", QUEUED, gamma=2.5)
    yield case("wsc", "all", "gamma-0", QUEUED, gamma=0.0)
    yield case("soft-targets", "all", "sharp", QUEUED, temperature=0.25)
    for loss in ["wsc", "infonce", "soft-targets"]:
        yield case(loss, "all", "keys", QUEUED, momentum="keys")
    yield case("elimination", "vacancies", "keys", QUEUED, scale=3.0, momentum="keys")


torch.manual_seed(SEED)
manifest = {
    "script": "Tests/Fixtures/generate/pretraining_objective.py",
    "python": platform.python_version(),
    "torch": torch.__version__.split("+")[0],
    "numpy": numpy.__version__,
    "seed": SEED,
}
lines = ",\n".join(json.dumps(made, separators=(",", ":")) for made in cases())
output = FIXTURES / "Pretraining" / "objective.json"
output.parent.mkdir(parents=True, exist_ok=True)
output.write_text('{"manifest": ' + json.dumps(manifest) + ', "cases": [\n' + lines + "\n]}\n", encoding="ascii")
