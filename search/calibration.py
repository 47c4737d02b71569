"""From cosines, which mean something within one query only, to strengths that channels share.

A query's cosine to a clip says little: one query is near to everything, another to nothing. What
says something is by how many standard deviations it stands out of what the same query has with the
rest of the library. Where that is a chance of being right follows a logistic curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.store.vectors import VectorStore

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]

SAMPLE = 2048
"""Vectors that stand for a library: mean and deviation to a few per cent."""


@dataclass(frozen=True)
class Curve:
    """How sure a channel is of what stands out by z deviations: 1 / (1 + exp((even - z) / width)).

    `mean` and `deviation` are those of cosines in any library. They count as `SMALL` vectors more,
    for in a library of five clips nothing stands out of the rest.
    """

    even: float
    """z from which it is more likely right than wrong."""
    width: float
    mean: float
    deviation: float


PICTURE_CURVE = Curve(even=4.2, width=1.0, mean=0.04, deviation=0.08)
SPEECH_CURVE = Curve(even=4.5, width=0.5, mean=0.05, deviation=0.09)
"""Width: as steep as sentences find another of the same photograph among a hundred (captioned
photographs, five sentences each); even: rather too careful, for libraries hold more than that."""
SMALL = 50


class Calibration:
    """The curve of one channel over one store of vectors. Reads a sample of them once."""

    def __init__(self, store: VectorStore, curve: Curve) -> None:
        ids = store.ids()
        # from the first to the last: ids grow with time, and what is new may be of another kind
        chosen = ids[np.linspace(0, max(0, len(ids) - 1), min(len(ids), SAMPLE)).astype(np.int64)]
        self._sample = store.vectors(chosen) if len(chosen) else np.empty((0, store.dim))
        self._curve = curve

    def strengths(self, query: Float32, cosines: NDArray[np.floating]) -> Float64:
        """Cosines of one query (dim,), of any shape -> strengths, 0 to 1, in the same order."""
        mean, deviation = self._null(query)
        z = (np.asarray(cosines, np.float64) - mean) / deviation
        strengths: Float64 = 1.0 / (1.0 + np.exp((self._curve.even - z) / self._curve.width))
        return strengths

    def _null(self, query: Float32) -> tuple[float, float]:
        """Mean and deviation of a query's cosines to what it does not mean."""
        curve = self._curve
        cosines = (self._sample @ query).astype(np.float64)
        weight = len(cosines) / (len(cosines) + SMALL)
        found = float(cosines.mean()) if len(cosines) else 0.0
        spread = float(cosines.var()) if len(cosines) else 0.0
        mean = weight * found + (1 - weight) * curve.mean
        variance = weight * spread + (1 - weight) * curve.deviation**2
        return mean, variance**0.5
