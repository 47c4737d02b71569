"""Several vectors as one query: words, pictures, and what is not wanted.

Cosines of words and of pictures to a library's clips spread differently: those of a sentence by
about 0.09, those of a photograph by 0.21, so a plain sum asks for the photograph alone. Here each
is measured in its own standard deviations over the library. Their weighted sum is linear in the
clip, so it is one vector again, and FAISS searches by it as by any other. (With weights for judged
moments this is Rocchio's relevance feedback, 1971, in standardised scores.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DEVIATION = 0.1
"""Of cosines in any library; counts as `SMALL` clips more, for five clips say little."""
SMALL = 50

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class Part:
    """A unit vector (dim,), and how much it counts; below 0 for what is not wanted."""

    vector: Float32
    weight: float


def blend(parts: Sequence[Part], sample: Float32) -> Float32:
    """(dim,) unit: the direction in which clips answer to all `parts`, each by its weight.

    `sample` (N, dim) are vectors of the library. Raises ValueError when nothing is left of the
    parts: none is there, or they take each other away.
    """
    if len(parts) == 1 and parts[0].weight > 0:
        return parts[0].vector
    total = sum(
        (part.weight / _deviation(part.vector, sample) * part.vector for part in parts),
        start=np.zeros(sample.shape[1]),
    )
    length = float(np.linalg.norm(total))
    if length < 1e-6:
        raise ValueError("nothing is left of these vectors")
    return np.asarray(total / length, np.float32)


def _deviation(vector: Float32, sample: Float32) -> float:
    """Standard deviation of a vector's cosines to the library."""
    found = float((sample @ vector).var()) if len(sample) else 0.0
    weight = len(sample) / (len(sample) + SMALL)
    return float(np.sqrt(weight * found + (1 - weight) * DEVIATION**2))
