"""How unlike two pictures are, whatever moved between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Gray: TypeAlias = NDArray[np.uint8]

_SIDE_PX = 40
_QUARTER_PX = 56
"""Of 224, the samples' usual side: twice as fast by way of a size that divides it."""
_BLOCK_PX = 10
_REACH_PX = 8
"""How far a block is sought: a fifth of the picture, a fast pan's way in half a second."""
_FLAT = 2.0
"""Below this contrast a block says nothing of what the picture shows."""
_FULL_WEIGHT = 20.0
_STAYED = 0.8
"""A block that correlates so well with the same place is not sought any more."""
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
        half_way = cv2.resize(picture, (_QUARTER_PX, _QUARTER_PX), interpolation=cv2.INTER_AREA)
        small = cv2.resize(half_way, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
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
    contrasts, here = _correlations(a, b)
    weights = np.where(contrasts >= _FLAT, np.minimum(contrasts, _FULL_WEIGHT), 0.0)
    for row, column in np.argwhere((weights > 0) & (here < _STAYED)):
        top, left = row * _BLOCK_PX, column * _BLOCK_PX
        block = b[top : top + _BLOCK_PX, left : left + _BLOCK_PX]
        here[row, column] = _best(_around(a, top, left), block)
    total = float(weights.sum())
    return float((weights * (1.0 - here)).sum()) / total if total else 0.0


def _correlations(a: Gray, b: Gray) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(4, 4) each: the contrast of each block of `b`, its correlation with the same place."""
    x, y = _blocks(a), _blocks(b)
    variance = (y * y).mean((1, 3))
    scale = np.sqrt((x * x).mean((1, 3)) * variance) + np.float32(1e-6)
    return np.sqrt(variance), (x * y).mean((1, 3)) / scale


def _blocks(gray: Gray) -> NDArray[np.float32]:
    """(4, 10, 4, 10), each block without its mean."""
    count = _SIDE_PX // _BLOCK_PX
    blocks = gray.reshape(count, _BLOCK_PX, count, _BLOCK_PX).astype(np.float32)
    centred: NDArray[np.float32] = blocks - blocks.mean((1, 3), keepdims=True)
    return centred


def _around(a: Gray, top: int, left: int) -> Gray:
    below, right = top + _BLOCK_PX + _REACH_PX, left + _BLOCK_PX + _REACH_PX
    return a[max(0, top - _REACH_PX) : below, max(0, left - _REACH_PX) : right]


def _best(area: Gray, block: Gray) -> float:
    return float(cv2.minMaxLoc(cv2.matchTemplate(area, block, cv2.TM_CCOEFF_NORMED))[1])
