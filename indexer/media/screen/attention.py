"""Decides which pictures the detector has to look at."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from indexer.media.screen.place import Place
from indexer.media.screen.strokes import CELL_HEIGHT_PX, CELL_WIDTH_PX, Strokes

DISMISSED_S = 1.0
"""So long the detector is believed that something like text is none: leaves stay leaves. What
comes up elsewhere in the picture is looked at all the same. Twice as long makes the reader miss
short subtitles over leaves."""
_SHAKE_PX = 2


class Verdict(Enum):
    """What a picture asks for."""

    LOOK = "something that may be text is new or has changed"
    SAME = "all text is where it was, and nothing was added"
    GONE = "there is nothing like text"


class Attention:
    """Compares each picture with the last that was looked at."""

    def __init__(self) -> None:
        self._lines: list[tuple[Place, NDArray[np.int16]]] = []
        self._dismissed_until_s = np.zeros((0, 0))

    def judge(self, time_s: float, strokes: Strokes) -> Verdict:
        """What to do with the picture at `time_s`."""
        changed = not all(
            place.still_holds(before, strokes.slope, _SHAKE_PX) for place, before in self._lines
        )
        if not strokes.cells.any() and (changed or not self._lines):
            self._lines = []
            return Verdict.GONE
        if changed or (strokes.cells & ~self._explained(time_s, strokes)).any():
            return Verdict.LOOK
        return Verdict.SAME

    def looked(self, time_s: float, strokes: Strokes, places: Sequence[Place]) -> None:
        """The detector has found text at `places` of this picture, and nowhere else.

        It is not believed at once that a line of the last picture has gone.
        """
        until_s = np.where(strokes.cells, time_s + DISMISSED_S, 0.0)
        if self._dismissed_until_s.shape == until_s.shape:
            until_s = np.maximum(until_s, self._dismissed_until_s)
        for place, _ in self._lines:
            until_s[_cells_of(place)] = 0.0
        self._dismissed_until_s = until_s
        self._lines = [(place, place.cut(strokes.slope).copy()) for place in places]

    def _explained(self, time_s: float, strokes: Strokes) -> NDArray[np.bool_]:
        """Cells at and beside those that were dismissed or hold a line that was read."""
        known = self._dismissed_until_s > time_s
        if known.shape != strokes.cells.shape:
            known = np.zeros_like(strokes.cells)
        for place, _ in self._lines:
            known[_cells_of(place)] = True
        widened: NDArray[np.uint8] = cv2.dilate(known.astype(np.uint8), np.ones((3, 3), np.uint8))
        return widened > 0


def _cells_of(place: Place) -> tuple[slice, slice]:
    """Rows and columns of the cells that `place` touches."""
    rows = slice(place.top // CELL_HEIGHT_PX, -(-place.bottom // CELL_HEIGHT_PX))
    return rows, slice(place.left // CELL_WIDTH_PX, -(-place.right // CELL_WIDTH_PX))
