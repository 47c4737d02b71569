"""Results that are not all the same: maximal marginal relevance (Carbonell & Goldstein 1998)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]


def diversify(scores: Sequence[float], vectors: Float32, k: int, diversity: float) -> list[int]:
    """Positions of the `k` chosen, or of all, in their new order.

    One after the other is taken what has the most of (1 - diversity) x score / best score -
    diversity x the largest cosine to those before it: where all are unsure, a cosine is no more to
    a score than where one is sure. `vectors` (N, dim) are of unit length, or 0 where none is
    known; `diversity` is 0 to 1, and at 0 the best scores come in their order. Raises ValueError.
    """
    if len(scores) != len(vectors):
        raise ValueError(f"{len(scores)} scores do not fit {len(vectors)} vectors")
    if not 0 <= diversity <= 1:
        raise ValueError(f"diversity is {diversity}, not from 0 to 1")
    best = max(scores, default=0.0)
    worth = (1 - diversity) * np.asarray(scores, np.float64) / (best if best > 0 else 1.0)
    nearest = np.full(len(worth), -1.0)
    chosen: list[int] = []
    while len(chosen) < min(k, len(worth)):
        left = worth - diversity * nearest
        left[chosen] = -np.inf
        chosen.append(int(left.argmax()))
        nearest = np.maximum(nearest, vectors @ vectors[chosen[-1]])
    return chosen
