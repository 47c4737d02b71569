"""What a network expects of its pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.encoder import UInt8
from model.errors import CheckpointError

if TYPE_CHECKING:
    from torch import Tensor, device

Channels = tuple[float, float, float]


@dataclass(frozen=True)
class Preprocessing:
    """`(x / 255 - mean) / std` of squares of `size` pixels.

    The constants are the network's, never the batch's: a frame whose contrast were stretched by
    its neighbours would have another vector beside others. The decoder makes the squares.
    """

    size: int
    mean: Channels
    std: Channels

    @classmethod
    def of(
        cls, size: int | Sequence[int], mean: Sequence[float], std: Sequence[float]
    ) -> Preprocessing:
        """From a checkpoint's configuration. Raises CheckpointError."""
        sides = {size} if isinstance(size, int) else set(size)
        if len(sides) != 1 or len(mean) != 3 or len(std) != 3:
            raise CheckpointError(f"not square RGB pictures: size {size}, mean {mean}, std {std}")
        return cls(sides.pop(), (mean[0], mean[1], mean[2]), (std[0], std[1], std[2]))

    def check(self, frames: UInt8) -> None:
        """Raises ValueError unless `frames` are (..., size, size, 3) uint8."""
        if frames.shape[-3:] != (self.size, self.size, 3) or frames.dtype != np.uint8:
            raise ValueError(
                f"frames must be (N, {self.size}, {self.size}, 3) uint8, "
                f"got {frames.shape} {frames.dtype}"
            )

    def __call__(self, frames: UInt8, device: device) -> Tensor:
        """(N, S, S, 3) -> (N, 3, S, S) float32, or (N, T, S, S, 3) -> (N, 3, T, S, S)."""
        import torch

        pixels = torch.from_numpy(np.ascontiguousarray(frames)).to(device).float()
        mean, std = (torch.tensor(c, device=device) * 255 for c in (self.mean, self.std))
        return ((pixels - mean) / std).movedim(-1, 1)
