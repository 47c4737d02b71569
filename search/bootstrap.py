"""How sure a mean over queries is, and whether two runs over the same queries differ.

Everything is drawn with a fixed seed: the same figures give the same intervals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

DRAWS = 10_000
CONFIDENCE = 0.95
_AT_ONCE = 4_000_000
"""Numbers drawn together, 32 MB."""

Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """By how much one run is above another, over the same queries."""

    value: float
    low: float
    high: float
    """95 % percentile interval of the paired bootstrap."""
    p: float
    """Of the two-sided randomisation test: how often chance alone makes as large a difference."""

    @property
    def verdict(self) -> str:
        """In words: better, worse, or no clear difference, at p < 0.05."""
        if self.p >= 1 - CONFIDENCE:
            return "no clear difference"
        return "better" if self.value > 0 else "worse"

    def to_json(self) -> dict[str, Any]:
        interval = [round(self.low, 4), round(self.high, 4)]
        figures = {"difference": round(self.value, 4), "interval": interval, "p": round(self.p, 4)}
        return {**figures, "verdict": self.verdict}


def mean_interval(
    values: ArrayLike, weights: ArrayLike | None = None, seed: int = 0
) -> tuple[float, float]:
    """95 % percentile bootstrap interval (Efron 1979) of the weighted mean of (Q,) values.

    Whole queries are drawn, with replacement: rows that ask the same are no two samples. Weights,
    all above 0, are 1 unless given.
    """
    points, weight = _paired(values, weights)
    count = len(points)

    def means(draws: int, chance: np.random.Generator) -> Float64:
        drawn = chance.integers(count, size=(draws, count))
        drawn_weights: Float64 = weight[drawn]
        return np.asarray((points[drawn] * drawn_weights).sum(1) / drawn_weights.sum(1))

    edge = 50 * (1 - CONFIDENCE)
    low, high = np.percentile(_drawn(means, count, seed), [edge, 100 - edge])
    return float(low), float(high)


def compare(
    values: ArrayLike, others: ArrayLike, weights: ArrayLike | None = None, seed: int = 0
) -> Difference:
    """`values` (Q,) of one run less `others` (Q,) of another, the same queries in both.

    The test is Fisher's randomisation, see Smucker, Allan and Carterette 2007: were the runs equal,
    each query's difference could as well have the other sign.
    """
    points, weight = _paired(np.asarray(values, float) - np.asarray(others, float), weights)
    shares = points * weight / weight.sum()
    value = float(shares.sum())

    def flipped(draws: int, chance: np.random.Generator) -> Float64:
        signs = chance.integers(2, size=(draws, len(shares)), dtype=np.int8) * 2 - 1
        return np.asarray(signs @ shares)

    # the difference itself is one of the outcomes; rounding must not make it a rare one
    extreme = int((np.abs(_drawn(flipped, len(shares), seed)) >= abs(value) - 1e-12).sum())
    low, high = mean_interval(points, weight, seed)
    return Difference(value, low, high, (extreme + 1) / (DRAWS + 1))


def _drawn(
    statistic: Callable[[int, np.random.Generator], Float64], count: int, seed: int
) -> Float64:
    """(DRAWS,) of a statistic over `count` queries, some draws at a time."""
    chance = np.random.default_rng(seed)
    step = max(1, _AT_ONCE // count)
    sizes = [min(step, DRAWS - start) for start in range(0, DRAWS, step)]
    return np.concatenate([statistic(size, chance) for size in sizes])


def _paired(values: ArrayLike, weights: ArrayLike | None) -> tuple[Float64, Float64]:
    points = np.asarray(values, np.float64)
    if not points.size:
        raise ValueError("there is no query to draw from")
    weight = np.ones_like(points) if weights is None else np.asarray(weights, np.float64)
    return points, weight
