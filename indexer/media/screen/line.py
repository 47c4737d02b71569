"""A line of text on one picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.media.screen.place import Place


@dataclass(frozen=True)
class Line:
    """What was read at a place of one picture."""

    place: Place
    strokes: NDArray[np.int16]
    """(height, width) slopes at the place, to know it again."""
    text: str
    confidence: float
