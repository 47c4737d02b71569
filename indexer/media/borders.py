"""Black bars at the edges of pictures, which a player or an editor put there.

One dark picture has dark edges too; so a line counts as a bar's only where no picture around it in
time lights it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Lines = NDArray[np.bool_]

_BLACK = 48
"""No point of a bar is brighter, of 255: video black is 16, and grey once the blacks are lifted."""
_EVEN = 16
"""Nor do the points of one of its lines differ by more: a night sky has noise."""
_WIDEST = 0.4
"""Of the picture, on one side."""


def lit_rows(grey: NDArray[np.uint8]) -> Lines:
    """(height,) of (height, width): which rows show more than black. Columns: of the transpose."""
    brightest = grey.max(1)
    return np.asarray((brightest > _BLACK) | (brightest - grey.min(1) > _EVEN), bool)


def between_bars(lit: Lines) -> tuple[float, float]:
    """Where the picture starts and ends between the bars, 0 to 1, of (lines,)."""
    if not lit.any():
        return 0.0, 1.0
    first, last = _dark(lit), _dark(lit[::-1])
    # one line more: the bar's edge lies somewhere within it
    return (first + (first > 0)) / len(lit), 1 - (last + (last > 0)) / len(lit)


def _dark(lit: Lines) -> int:
    """How many lines are dark from the first on."""
    return int(np.argmax(np.append(lit[: int(len(lit) * _WIDEST)], True)))
