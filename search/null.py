"""What the best answer looks like where there is none: the law of the best of many.

The best of many cosines follows Gumbel's law (Fisher & Tippett 1928), whose place grows with the
number of clips: so what is remarkable among ten clips is not among ten thousand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LOW, HIGH = 0.25, 0.75
"""Quantiles that the law is fitted to: some of the background may be in the library after all."""
LEAST_SCALE = 0.02
"""Of cosines; where all background is alike."""


@dataclass(frozen=True)
class Null:
    """Gumbel's law of the best score of a question that nothing answers."""

    location: float
    scale: float
    """Above 0."""

    @classmethod
    def fit(cls, best: NDArray[np.floating]) -> Null:
        """To the best scores (N,) of N background questions, N > 0."""
        low, high = (float(np.quantile(best, share)) for share in (LOW, HIGH))
        scale = max((high - low) / (surprise(1 - HIGH) - surprise(1 - LOW)), LEAST_SCALE)
        return cls(low - surprise(1 - LOW) * scale, scale)

    def among(self, times: float) -> Null:
        """The same where there are `times` as many independent clips."""
        return Null(self.location + self.scale * math.log(times), self.scale)


def surprise(rate: float) -> float:
    """By how many scales a score stands above the location that a share `rate` of the background,
    0 to 1 (both excluded), reaches by chance."""
    return -math.log(-math.log1p(-rate))
