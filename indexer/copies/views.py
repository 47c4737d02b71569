"""The ways in which a copy may show its original: the same, a part of it, or mirrored."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indexer.copies.pictures import Float32, centred
from indexer.media.fingerprint import SIDE

Interval = tuple[float, float]
_ALL: Interval = (0.0, 1.0)


@dataclass(frozen=True)
class View:
    """What of an original's picture the copy shows, as parts of its width and height, 0 to 1."""

    name: str
    across: Interval = _ALL
    """From left to right; from right to left in a mirrored copy."""
    down: Interval = _ALL
    matrix: NDArray[np.float32] = field(init=False, repr=False, compare=False)
    """(144, 144): times an original's picture it gives the copy's."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "matrix", np.kron(_line(*self.down), _line(*self.across)))

    def of(self, pictures: Float32) -> Float32:
        """(cells, 144) unit vectors: what a copy of the originals `pictures` would show."""
        return pictures if self is SAME else centred(pictures @ self.matrix.T)


def _line(start: float, end: float) -> Float32:
    """(12, 12) weights that read a line of points between `start` and `end`."""
    centres = start + (np.arange(SIDE) + 0.5) / SIDE * (end - start)
    places = np.clip(centres * SIDE - 0.5, 0, SIDE - 1)
    return np.asarray(np.maximum(0, 1 - np.abs(places[:, None] - np.arange(SIDE))), np.float32)


SAME = View("same picture")
_NEAR, _FAR = (0.0, 0.87), (0.13, 1.0)
VIEWS = (
    SAME,
    View("cropped", (0.08, 0.92), (0.08, 0.92)),
    View("left part", _NEAR),
    View("right part", _FAR),
    View("upper part", _ALL, _NEAR),
    View("lower part", _ALL, _FAR),
    View("upper left part", _NEAR, _NEAR),
    View("upper right part", _FAR, _NEAR),
    View("lower left part", _NEAR, _FAR),
    View("lower right part", _FAR, _FAR),
    View("mirrored", (1.0, 0.0)),
)
"""Each finds also what is cut a little more or less; a full picture is found by the first."""
