"""Makes Tests/Fixtures/Autograd/attention.json: attention of a layer's joined products, and its gradients.

    pip install torch numpy
    python Tests/Fixtures/generate/autograd_attention.py
"""

import torch
from autograd_recording import normal, operation, write
from torch.nn import functional


def attend(query, key, value, heads, lengths):
    """Attention of all heads; keys from a sequence's length on are hidden."""

    def split(x):
        return x.unflatten(-1, (heads, -1)).transpose(1, 2)

    mask = None
    if lengths:
        mask = (torch.arange(key.shape[1])[None] < torch.tensor(lengths)[:, None])[:, None, None]
    y = functional.scaled_dot_product_attention(split(query), split(key), split(value), attn_mask=mask)
    return y.transpose(1, 2).flatten(2)


def numbers(heads, lengths):
    return {"heads": heads} | {f"length{index}": length for index, length in enumerate(lengths or ())}


def self_attention(batch, tokens, heads, width, lengths=None):
    return operation(
        f"self-{tokens}x{heads}x{width}{'-lengths' if lengths else ''}",
        lambda joined: attend(*joined.chunk(3, dim=-1), heads, lengths),
        {"joined": normal(batch, tokens, 3 * heads * width)},
        **numbers(heads, lengths),
    )


def cross_attention(batch, queries, tokens, heads, width, lengths=None):
    """One query per sequence, [batch, width], where `queries` is 0."""

    def function(query, joined):
        y = attend(query if queries else query[:, None], *joined.chunk(2, dim=-1), heads, lengths)
        return y if queries else y[:, 0]

    return operation(
        f"cross-{queries}x{tokens}x{heads}x{width}{'-lengths' if lengths else ''}",
        function,
        {
            "query": normal(batch, *([queries] if queries else []), heads * width),
            "joined": normal(batch, tokens, 2 * heads * width),
        },
        **numbers(heads, lengths),
    )


def cases():
    yield self_attention(2, 5, 3, 4)
    yield self_attention(3, 7, 2, 5, (7, 1, 4))
    yield self_attention(1, 67, 1, 3)
    yield self_attention(2, 17, 1, 20, (17, 9))
    yield cross_attention(3, 0, 6, 2, 5)
    yield cross_attention(3, 0, 6, 2, 5, (2, 6, 1))
    yield cross_attention(2, 4, 19, 3, 8, (19, 11))


write("attention", 20263, cases)
