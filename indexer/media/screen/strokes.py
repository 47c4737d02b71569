"""Where a picture may hold text, by its strokes: cheap, and wrong rather with yes than with no."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

CELL_WIDTH_PX = 16
CELL_HEIGHT_PX = 8
EDGE = 40
"""Grey levels over two pixels that make an edge; text that must be read stands out by more."""
FINE_DENSITY = 0.35
COARSE_DENSITY = 0.5
"""Share of pixels between a rising and a falling edge, at full and at smaller scale. Of the frames
of real clips in which the reader finds text they keep 19 in 20, and pass 3 in 8 of the others."""
_OCTAVES = 2
_STROKE_PX = 5
_WINDOW_PX = (41, 9)
"""About three letters of small text wide, and one high."""


@dataclass(frozen=True)
class Strokes:
    """Of one grey picture (h, w)."""

    slope: NDArray[np.int16]
    """(h, w): horizontal change of brightness, in grey levels over two pixels."""
    cells: NDArray[np.bool_]
    """(h / 8, w / 16), rounded: cells of 16 x 8 px that look like text."""

    @classmethod
    def of(cls, grey: NDArray[np.uint8]) -> Strokes:
        """Look at `grey`, best with a longest side of some 480 px.

        In a line of text, edges from dark to bright and back follow each other closely. Strokes
        of up to 5 px are seen at this scale, those of titles at a half and a quarter of it.
        """
        slope = _slope(grey)
        cells = _cells(_density(slope) >= FINE_DENSITY)
        smaller = grey
        for _ in range(_OCTAVES):
            smaller = _halved(smaller)
            dense = _density(_slope(smaller)) >= COARSE_DENSITY
            if dense.any():
                cells |= _cells(_enlarged(dense, grey.shape))
        return cls(slope, cells)


def _halved(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = grey.shape
    size = (max(1, width // 2), max(1, height // 2))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def _enlarged(dense: NDArray[np.bool_], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """To (height, width) `shape`."""
    size = (shape[1], shape[0])
    large: NDArray[np.uint8] = cv2.resize(
        dense.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST
    )
    return large > 0


def _slope(grey: NDArray[np.uint8]) -> NDArray[np.int16]:
    slope: NDArray[np.int16] = cv2.Sobel(grey, cv2.CV_16S, 1, 0, ksize=1)
    return slope


def _density(slope: NDArray[np.int16]) -> NDArray[np.float32]:
    """(h, w) float32, 0 to 1: share of pixels near which the slope changes its sign."""
    reach = np.ones((1, _STROKE_PX), np.uint8)
    rising = cv2.dilate((slope > EDGE).astype(np.uint8), reach)
    falling = cv2.dilate((slope < -EDGE).astype(np.uint8), reach)
    both = cv2.bitwise_and(rising, falling).astype(np.float32)
    density: NDArray[np.float32] = cv2.blur(both, _WINDOW_PX)
    return density


def _cells(dense: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The pixels in the middle of each cell stand for it: the window is wider than a cell."""
    rows = dense[CELL_HEIGHT_PX // 2 :: CELL_HEIGHT_PX]
    return np.ascontiguousarray(rows[:, CELL_WIDTH_PX // 2 :: CELL_WIDTH_PX])
