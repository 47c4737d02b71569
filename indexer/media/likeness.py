"""How unlike two pictures are, whatever moved between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Gray: TypeAlias = NDArray[np.uint8]

_SIDE_PX = 40
_BLOCK_PX = 10
_REACH_PX = 8
"""How far a block is sought: a fifth of the picture, a fast pan's way in half a second."""
_FLAT = 2.0
"""Below this contrast a block says nothing of what the picture shows."""
_FULL_WEIGHT = 20.0
_ALIKE = 0.12
_COLOUR_BINS = [8, 4, 8]
_COLOUR_RANGES = [0, 180, 0, 256, 0, 256]


@dataclass(frozen=True)
class Look:
    """What is compared of a picture; 3 kB."""

    gray: Gray
    """(40, 40)."""
    colours: NDArray[np.float32]
    """(256,) root of the share of each hue, saturation and value; unit length."""

    @classmethod
    def of(cls, picture: NDArray[np.uint8]) -> Look:
        """The look of (h, w, 3) uint8 RGB."""
        small = cv2.resize(picture, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
        hsv = cv2.cvtColor(small, cv2.COLOR_RGB2HSV)
        counts = cv2.calcHist([hsv], [0, 1, 2], None, _COLOUR_BINS, _COLOUR_RANGES).ravel()
        colours = np.sqrt(counts / counts.sum()).astype(np.float32, copy=False)
        gray = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
        return cls(gray, colours)


def unlikeness(a: Look, b: Look) -> float:
    """0 (the same) to 1: a third what the colours, two thirds what the blocks have not in common.

    Colours are compared by Bhattacharyya's coefficient of their histograms.
    """
    colours = 1.0 - min(1.0, float(a.colours @ b.colours))
    return (colours + 2.0 * _unmatched(a.gray, b.gray)) / 3.0


def _unmatched(a: Gray, b: Gray) -> float:
    """How badly the blocks of each are found again in the other; one way is enough if well."""
    share = _unfound(a, b)
    return share if share < _ALIKE else (share + _unfound(b, a)) / 2


def _unfound(a: Gray, b: Gray) -> float:
    """1 - correlation of each block of `b` with the best place near it in `a`, averaged."""
    total = weights = 0.0
    for top in range(0, _SIDE_PX, _BLOCK_PX):
        for left in range(0, _SIDE_PX, _BLOCK_PX):
            block = b[top : top + _BLOCK_PX, left : left + _BLOCK_PX]
            contrast = float(cv2.meanStdDev(block)[1][0, 0])
            if contrast >= _FLAT:
                weight = min(contrast, _FULL_WEIGHT)
                total += weight * (1.0 - _best(_around(a, top, left), block))
                weights += weight
    return total / weights if weights else 0.0


def _around(a: Gray, top: int, left: int) -> Gray:
    below, right = top + _BLOCK_PX + _REACH_PX, left + _BLOCK_PX + _REACH_PX
    return a[max(0, top - _REACH_PX) : below, max(0, left - _REACH_PX) : right]


def _best(area: Gray, block: Gray) -> float:
    return float(cv2.minMaxLoc(cv2.matchTemplate(area, block, cv2.TM_CCOEFF_NORMED))[1])
