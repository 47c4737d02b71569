"""Where a line of text stands on the small grey picture, and whether it still does."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

SAME_STROKES = 0.7
"""Correlation of each letter's edges with those of the letter before, in its place. Another
letter has some 0.3, the same over another background 0.8."""
_STEEP = 128
"""Slopes are cut there, so that one hard edge of the background does not outweigh the letters."""
_FADE = 2.0
"""Energy of the edges; text that fades in is read again when it has so much more."""
_FAINT = 12.0
"""Mean slope of a block that has no letter in it."""


@dataclass(frozen=True)
class Place:
    """A box in pixels, right and bottom exclusive, not empty."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def around(cls, corners: NDArray[np.float32], size: tuple[int, int]) -> Place:
        """The upright box around `corners` (4, 2) x and y, inside a picture of (width, height)."""
        width, height = size
        x, y = corners[:, 0], corners[:, 1]
        left = min(max(0, int(x.min())), width - 1)
        top = min(max(0, int(y.min())), height - 1)
        right = min(max(left + 1, int(np.ceil(x.max()))), width)
        bottom = min(max(top + 1, int(np.ceil(y.max()))), height)
        return cls(left, top, right, bottom)

    @property
    def height(self) -> int:
        """Of the line, in pixels."""
        return self.bottom - self.top

    @property
    def area(self) -> int:
        """In pixels."""
        return (self.right - self.left) * self.height

    def cut(self, image: NDArray[np.int16]) -> NDArray[np.int16]:
        """What is there on `image`."""
        return image[self.top : self.bottom, self.left : self.right]

    def overlap(self, other: Place) -> float:
        """Shared area, as a share of the smaller of both: 0 to 1."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0, width) * max(0, height) / min(self.area, other.area)

    def still_holds(
        self, before: NDArray[np.int16], slope: NDArray[np.int16], reach_px: int
    ) -> bool:
        """Whether every letter of `before`, what was cut here, is on `slope` too.

        It may have moved by `reach_px`.
        """
        now = self._aligned(before, slope, reach_px)
        if now is None:
            return False
        a, b = (np.clip(x, -_STEEP, _STEEP).astype(np.float32) for x in (before, now))
        starts = np.arange(0, a.shape[1], max(8, a.shape[0]))
        ab, aa, bb = (np.add.reduceat(x.sum(axis=0), starts) for x in (a * b, a * a, b * b))
        sizes = np.diff(np.append(starts, a.shape[1])) * a.shape[0]
        least, most = np.minimum(aa, bb), np.maximum(aa, bb)
        same = (ab >= SAME_STROKES * np.sqrt(aa * bb)) & (most <= _FADE * least)
        return bool(np.all(same | (most < sizes * _FAINT**2)))

    def _aligned(
        self, before: NDArray[np.int16], slope: NDArray[np.int16], reach_px: int
    ) -> NDArray[np.int16] | None:
        """The part of `slope` near here that is most like `before`; None when it does not fit."""
        top, left = max(0, self.top - reach_px), max(0, self.left - reach_px)
        near = slope[top : self.bottom + reach_px, left : self.right + reach_px]
        height, width = before.shape
        if near.shape[0] < height or near.shape[1] < width:
            return None
        a, b = (np.clip(x, -_STEEP, _STEEP).astype(np.float32) for x in (before, near))
        likeness = cv2.matchTemplate(b, a, cv2.TM_CCORR)
        x, y = cv2.minMaxLoc(likeness)[3]
        return near[y : y + height, x : x + width]
