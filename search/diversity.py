"""Maximal marginal relevance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def diversify(
    scores: Sequence[float], vectors: NDArray[np.float32], k: int, trade_off: float
) -> list[int]:
    """Order."""
    left = list(range(len(scores)))
    chosen: list[int] = []
    while left and len(chosen) < k:
        best = max(
            left,
            key=lambda i: (
                (1 - trade_off) * scores[i]
                - trade_off * max((float(vectors[i] @ vectors[j]) for j in chosen), default=0.0)
            ),
        )
        chosen.append(best)
        left.remove(best)
    return chosen
