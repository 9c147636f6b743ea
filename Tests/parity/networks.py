"""CLIP's image encoders in PyTorch, under the names of released state dicts, as fast as PyTorch runs them.

Query, key and value of the transformer are one product, and attention is PyTorch's own fused kernel. Tests/parity
compares vbench's features with theirs, benchmarks/ its speed.
"""

import collections

import torch
import torch.nn.functional as functional
from torch import nn


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.in_proj_weight = nn.Parameter(torch.empty(3 * width, width))
        self.in_proj_bias = nn.Parameter(torch.empty(3 * width))
        self.out_proj = nn.Linear(width, width)

    def forward(self, x):
        joined = functional.linear(x, self.in_proj_weight, self.in_proj_bias)
        query, key, value = joined.unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(query, key, value)
        return self.out_proj(attended.transpose(1, 2).flatten(2))


class QuickGELU(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ln_1, self.attn, self.ln_2 = nn.LayerNorm(width), Attention(width, heads), nn.LayerNorm(width)
        layers = [("c_fc", nn.Linear(width, 4 * width)), ("gelu", QuickGELU()), ("c_proj", nn.Linear(4 * width, width))]
        self.mlp = nn.Sequential(collections.OrderedDict(layers))

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class VisionTransformer(nn.Module):
    """CLIP's ViT; images [N, 3, side, side] become features [N, projection]."""

    def __init__(self, width=768, layers=12, heads=12, patch=16, grid=14, projection=512):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, patch, patch, bias=False)
        self.class_embedding = nn.Parameter(torch.empty(width))
        self.positional_embedding = nn.Parameter(torch.empty(1 + grid * grid, width))
        self.ln_pre, self.ln_post = nn.LayerNorm(width), nn.LayerNorm(width)
        self.transformer = nn.Module()
        self.transformer.resblocks = nn.Sequential(*(Block(width, heads) for _ in range(layers)))
        self.proj = nn.Parameter(torch.empty(width, projection))

    def forward(self, images):
        patches = self.conv1(images).flatten(2).transpose(1, 2)
        first = self.class_embedding.expand(len(patches), 1, -1)
        x = self.ln_pre(torch.cat([first, patches], 1) + self.positional_embedding)
        return self.ln_post(self.transformer.resblocks(x)[:, 0]) @ self.proj


class Bottleneck(nn.Module):
    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, channels, 1, bias=False), nn.BatchNorm2d(channels)
        self.conv2, self.bn2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        self.conv3, self.bn3 = nn.Conv2d(channels, 4 * channels, 1, bias=False), nn.BatchNorm2d(4 * channels)
        self.pool = nn.AvgPool2d(stride) if stride > 1 else nn.Identity()
        self.downsample = None
        if stride > 1 or inputs != 4 * channels:
            layers = nn.Conv2d(inputs, 4 * channels, 1, bias=False), nn.BatchNorm2d(4 * channels)
            self.downsample = nn.Sequential(*layers)

    def forward(self, x):
        inner = functional.relu(self.bn1(self.conv1(x)), inplace=True)
        inner = functional.relu(self.bn2(self.conv2(inner)), inplace=True)
        inner = self.bn3(self.conv3(self.pool(inner)))
        inner += x if self.downsample is None else self.downsample(self.pool(x))
        return functional.relu(inner, inplace=True)


class AttentionPool(nn.Module):
    def __init__(self, width, heads, grid, projection):
        super().__init__()
        self.heads = heads
        self.positional_embedding = nn.Parameter(torch.empty(1 + grid * grid, width))
        self.q_proj, self.k_proj, self.v_proj = (nn.Linear(width, width) for _ in range(3))
        self.c_proj = nn.Linear(width, projection)

    def forward(self, x):
        x = x.flatten(2).transpose(1, 2)
        x = torch.cat([x.mean(1, keepdim=True), x], 1) + self.positional_embedding
        split = lambda y: y.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        query, key, value = split(self.q_proj(x[:, :1])), split(self.k_proj(x)), split(self.v_proj(x))
        attended = functional.scaled_dot_product_attention(query, key, value)
        return self.c_proj(attended.transpose(1, 2).flatten(1))


class ModifiedResNet(nn.Module):
    """CLIP's ResNet; images [N, 3, 32·grid, 32·grid] become features [N, projection]."""

    def __init__(self, width=64, layers=(3, 4, 6, 3), heads=32, grid=7, projection=1024):
        super().__init__()
        stem = (3, width // 2, 2), (width // 2, width // 2, 1), (width // 2, width, 1)
        for index, (before, after, stride) in enumerate(stem, start=1):
            setattr(self, f"conv{index}", nn.Conv2d(before, after, 3, stride, 1, bias=False))
            setattr(self, f"bn{index}", nn.BatchNorm2d(after))
        channels = width
        for stage, count in enumerate(layers):
            blocks = []
            for index in range(count):
                blocks.append(Bottleneck(channels, width << stage, 2 if stage and not index else 1))
                channels = 4 * (width << stage)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.attnpool = AttentionPool(channels, heads, grid, projection)

    def forward(self, x):
        for index in (1, 2, 3):
            x = functional.relu(getattr(self, f"bn{index}")(getattr(self, f"conv{index}")(x)), inplace=True)
        x = functional.avg_pool2d(x, 2)
        for stage in (1, 2, 3, 4):
            x = getattr(self, f"layer{stage}")(x)
        return self.attnpool(x)


def randomize(model):
    """Gives every parameter and running statistic a random value of the size that training leaves."""
    with torch.no_grad():
        for name, value in list(model.named_parameters()) + list(model.named_buffers()):
            if not value.is_floating_point():
                continue
            if name.endswith("running_var"):
                value.uniform_(0.5, 1.5)
            elif value.ndim > 1 and "embedding" not in name:
                fan = value.shape[0] if name.split(".")[-1] == "proj" else value[0].numel()
                value.normal_(0, fan**-0.5)
            elif name.endswith("weight") and value.ndim == 1:
                value.normal_(0.8, 0.2)
            else:
                value.normal_(0, 0.1)
    return model.eval()
