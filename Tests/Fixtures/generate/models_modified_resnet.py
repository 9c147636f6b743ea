"""CLIP's modified ResNet in PyTorch, for models.py: written after Radford et al. 2021, section 2.4."""

import torch
from torch import nn
from torch.nn import functional


class Bottleneck(nn.Module):
    """CLIP's: convolutions at stride 1, an average before the last one and before the shortcut's."""

    def __init__(self, inputs, channels, stride):
        super().__init__()
        for index, (before, after, kernel) in enumerate(
            ((inputs, channels, 1), (channels, channels, 3), (channels, 4 * channels, 1)), start=1
        ):
            setattr(self, f"conv{index}", nn.Conv2d(before, after, kernel, padding=kernel // 2, bias=False))
            setattr(self, f"bn{index}", nn.BatchNorm2d(after))
        self.stride = stride
        self.downsample = None
        if stride > 1 or inputs != 4 * channels:
            layers = nn.Conv2d(inputs, 4 * channels, 1, bias=False), nn.BatchNorm2d(4 * channels)
            self.downsample = nn.Sequential(*layers)

    def forward(self, x):
        inner = functional.relu(self.bn1(self.conv1(x)))
        inner = functional.relu(self.bn2(self.conv2(inner)))
        inner = self.bn3(self.conv3(functional.avg_pool2d(inner, self.stride)))
        shortcut = x if self.downsample is None else self.downsample(functional.avg_pool2d(x, self.stride))
        return functional.relu(inner + shortcut)


class AttentionPool(nn.Module):
    def __init__(self, width, heads, grid, projection):
        super().__init__()
        self.heads, self.grid = heads, grid
        self.positional_embedding = nn.Parameter(torch.zeros(1 + grid * grid, width))
        self.q_proj, self.k_proj, self.v_proj = (nn.Linear(width, width) for _ in range(3))
        self.c_proj = nn.Linear(width, projection)

    def forward(self, x):
        positions, side = self.positional_embedding, x.shape[-1]
        if side != self.grid:
            square = positions[1:].T.reshape(1, -1, self.grid, self.grid)
            square = functional.interpolate(square, (side, side), mode="bicubic", align_corners=True)
            positions = torch.cat([positions[:1], square[0].flatten(1).T])
        x = x.flatten(2).permute(2, 0, 1)
        x = torch.cat([x.mean(0, keepdim=True), x]) + positions[:, None]
        pooled, _ = functional.multi_head_attention_forward(
            x[:1], x, x, x.shape[-1], self.heads, None,
            torch.cat([self.q_proj.bias, self.k_proj.bias, self.v_proj.bias]), None, None, False, 0.0,
            self.c_proj.weight, self.c_proj.bias, training=False, need_weights=False, use_separate_proj_weight=True,
            q_proj_weight=self.q_proj.weight, k_proj_weight=self.k_proj.weight, v_proj_weight=self.v_proj.weight,
        )
        return pooled[0]


class ModifiedResNet(nn.Module):
    """Radford et al. 2021, section 2.4: a stem of three convolutions, averaged strides, attention pooling."""

    def __init__(self, width, layers, heads, grid, projection):
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
            x = functional.relu(getattr(self, f"bn{index}")(getattr(self, f"conv{index}")(x)))
        x = functional.avg_pool2d(x, 2)
        for stage in (1, 2, 3, 4):
            x = getattr(self, f"layer{stage}")(x)
        return self.attnpool(x)
