"""From cosines, which mean something within one query only, to probabilities.

A query's cosine to a clip says little: one query is near to everything, another to nothing, and in
a large library something is always near. So a cosine is first measured from what the query has with
the background (everyday sentences, or the library's own clips); then from the best that background
has in this library. How often what stands out so far is right, follows a logistic curve, fitted
once on pictures of Flickr8k's test split: see docs/calibration.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.null import Null, surprise

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]

SUREST = 0.99
"""No channel is surer of anything: so others still count beside it."""


@dataclass(frozen=True)
class Curve:
    """The chance of being right, of what stands out by u scales:
    SUREST / (1 + exp((even - u) / width)).

    Platt's scaling (1999).
    """

    even: float
    """u from which it is more likely right than wrong."""
    width: float

    def at(self, u: NDArray[np.floating]) -> Float64:
        """u of any shape -> 0 to 1."""
        bounded = np.clip((self.even - np.asarray(u, np.float64)) / self.width, -700, 700)
        chances: Float64 = SUREST / (1.0 + np.exp(bounded))
        return chances

    def threshold(self, rate: float) -> float:
        """The probability that a share `rate` of the background reaches, 0 < `rate` < 1."""
        return float(self.at(np.array(surprise(rate))))


PICTURE_CURVE = Curve(even=4.14, width=1.08)
SPEECH_CURVE = Curve(even=3.72, width=0.90)


class Calibration:
    """Probabilities of one channel over one store of vectors."""

    def __init__(self, background: Callable[[], tuple[Float32, Null]], curve: Curve) -> None:
        """`background` gives what queries are measured from, (dim,), and the law of the best; it
        is called with the first query."""
        self._background = background
        self._curve = curve

    @cached_property
    def _known(self) -> tuple[Float32, Null]:
        return self._background()

    def strengths(self, query: Float32, cosines: NDArray[np.floating]) -> Float64:
        """Cosines of one query (dim,), of any shape -> probabilities in the same order."""
        centre, null = self._known
        standing = np.asarray(cosines, np.float64) - float(centre @ query)
        return self._curve.at((standing - null.location) / null.scale)

    def cosine(self, query: Float32, rate: float) -> float:
        """What a share `rate` (0 to 1, both excluded) of the background reaches with a query."""
        centre, null = self._known
        return float(centre @ query) + null.location + surprise(rate) * null.scale
