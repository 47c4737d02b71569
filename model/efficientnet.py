"""EfficientNet-Lite in PyTorch: the frame CNN as it runs on CUDA and as it is exported to ONNX.

EfficientNet (Tan & Le 2019, arXiv 1905.11946) without squeeze-and-excitation and with ReLU6,
batch normalisation folded into the convolutions: frozen, it is the same function.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

FEATURE_DIM = 1280
"""Width of the pooled layer before the classifier, in all Lite variants."""


@dataclass(frozen=True)
class LiteConfig:
    """One EfficientNet-Lite variant: compound scaling of width, depth and input size."""

    width: float
    depth: float
    image_size: int


LITE_CONFIGS = {
    "lite0": LiteConfig(1.0, 1.0, 224),
    "lite1": LiteConfig(1.0, 1.1, 240),
    "lite2": LiteConfig(1.1, 1.2, 260),
}

# (kernel, repeats, output channels, expansion, stride), Table 1 of the paper
_STAGES = (
    (3, 1, 16, 1, 1),
    (3, 2, 24, 6, 2),
    (5, 2, 40, 6, 2),
    (3, 3, 80, 6, 2),
    (5, 3, 112, 6, 1),
    (5, 4, 192, 6, 2),
    (3, 1, 320, 6, 1),
)
_STEM_CHANNELS = 32  # Lite keeps stem and head unscaled


class SameConv(nn.Module):
    """Convolution with TensorFlow's SAME padding, whose odd pixel goes right and below.

    `side` is the height and width of its input in pixels.
    """

    def __init__(
        self, c_in: int, c_out: int, kernel: int, *, side: int, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__()
        total = max((math.ceil(side / stride) - 1) * stride + kernel - side, 0)
        self.odd = total % 2
        self.conv = nn.Conv2d(c_in, c_out, kernel, stride, padding=total // 2, groups=groups)
        if self.odd:  # only stride 2 meets it; zero padding of the convolution is symmetric
            self.conv.padding = (0, 0)
        self.pad = (total // 2, total // 2 + 1)

    def forward(self, x: Tensor) -> Tensor:  # (B, c_in, side, side) -> (B, c_out, side/stride, ...)
        y: Tensor = self.conv(F.pad(x, self.pad * 2) if self.odd else x)
        return y


class MBConv(nn.Module):
    """Mobile inverted bottleneck: widen 1x1, filter depthwise, narrow 1x1, add the input."""

    def __init__(
        self, c_in: int, c_out: int, kernel: int, stride: int, expansion: int, side: int
    ) -> None:
        super().__init__()
        c_mid = c_in * expansion
        self.expand = SameConv(c_in, c_mid, 1, side=side) if expansion != 1 else None
        self.depthwise = SameConv(c_mid, c_mid, kernel, side=side, stride=stride, groups=c_mid)
        self.project = SameConv(c_mid, c_out, 1, side=math.ceil(side / stride))
        self.residual = stride == 1 and c_in == c_out
        self.width = c_out

    def forward(self, x: Tensor) -> Tensor:  # (B, c_in, H, W) -> (B, c_out, H / stride, W / stride)
        y = F.relu6(self.expand(x)) if self.expand is not None else x
        y = self.project(F.relu6(self.depthwise(y)))
        out: Tensor = x + y if self.residual else y
        return out


class EfficientNetLite(nn.Module):
    """Pictures to pooled features.

    Input (B, 3, S, S) float32 RGB, already `(x - 127) / 128`; output (B, 1280) float32, the global
    average before the classifier, not class logits.
    """

    stage_ends: frozenset[int]
    """Blocks after which the width changes, and the last one."""

    def __init__(self, config: LiteConfig) -> None:
        super().__init__()
        self.image_size = config.image_size
        self.stem = SameConv(3, _STEM_CHANNELS, 3, side=config.image_size, stride=2)
        blocks = _blocks(config)
        self.blocks = nn.ModuleList(blocks)
        widths = [block.width for block in blocks]
        ends = (i for i in range(len(widths)) if widths[i : i + 1] != widths[i + 1 : i + 2])
        self.stage_ends = frozenset(ends)
        self.head = SameConv(_scaled(320, config.width), FEATURE_DIM, 1, side=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.with_stages(x)[0]

    def with_stages(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 1280) as `forward`, and (B, sum of the stages' widths): each stage's mean channels.

        What the classifier has no use for (colour, texture, layout) is still in the early stages.
        """
        grid, stages = self.grid(x)
        return grid.mean((2, 3)), stages

    def grid(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 1280, S/32, S/32), the pooled layer before pooling, and the stages' means."""
        x = F.relu6(self.stem(x))  # (B, 32, S/2, S/2)
        stages = []
        for i, block in enumerate(self.blocks):
            x = block(x)
            if i in self.stage_ends:
                stages.append(x.mean((2, 3)))
        # now (B, C, S/32, S/32)
        return F.relu6(self.head(x)), torch.cat(stages, 1)


class FrameFeatures(nn.Module):
    """A network's pooled layer, and its stages' means brought to the same scale.

    (N, S, S, 3) uint8 RGB -> (N, 1280 + stages) float32. `stage_mean` and `stage_scale` (stages,)
    are what `(stage - mean) * scale` needs.
    """

    stage_mean: Tensor
    stage_scale: Tensor

    def __init__(self, net: EfficientNetLite, stage_mean: Tensor, stage_scale: Tensor) -> None:
        super().__init__()
        self.net = net
        self.register_buffer("stage_mean", stage_mean)
        self.register_buffer("stage_scale", stage_scale)

    def forward(self, frames: Tensor) -> Tensor:
        pooled, stages = self.net.with_stages(preprocess(frames))
        return torch.cat([pooled, (stages - self.stage_mean) * self.stage_scale], 1)


def preprocess(frames: Tensor) -> Tensor:
    """(N, S, S, 3) uint8 -> (N, 3, S, S) float32 in [-1, 1]; ImageNet mean/std costs 11 % top-1."""
    return (frames.permute(0, 3, 1, 2).float() - 127.0) / 128.0


def _blocks(config: LiteConfig) -> list[MBConv]:
    blocks: list[MBConv] = []
    side, channels = math.ceil(config.image_size / 2), _STEM_CHANNELS
    for i, (kernel, repeats, c_out, expansion, stage_stride) in enumerate(_STAGES):
        fixed = i in (0, len(_STAGES) - 1)  # Lite does not deepen the first and last stage
        for r in range(repeats if fixed else math.ceil(repeats * config.depth)):
            stride = stage_stride if r == 0 else 1
            block = MBConv(channels, _scaled(c_out, config.width), kernel, stride, expansion, side)
            blocks.append(block)
            side, channels = math.ceil(side / stride), _scaled(c_out, config.width)
    return blocks


def _scaled(channels: int, width: float) -> int:
    """Channels times width, rounded to a multiple of 8 and never down by more than a tenth."""
    rounded = max(8, int(channels * width + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels * width else rounded
