"""A fingerprint's shades as vectors that can be compared."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Shades = NDArray[np.uint8]
"""(cells, 144), what `indexer.media.fingerprint.decode` gives."""


def pictures(shades: Shades) -> Float32:
    """(cells, 144) unit vectors of mean 0: their product is the correlation of two pictures.

    A flat picture is the zero vector, which is like nothing.
    """
    return centred(shades.astype(np.float32))


def centred(pictures: Float32) -> Float32:
    """Each row less its mean, at unit length; what is constant becomes 0."""
    around = pictures - pictures.mean(1, keepdims=True)
    lengths = np.linalg.norm(around, axis=1, keepdims=True)
    return np.asarray(around / np.where(lengths > 1e-3, lengths, np.inf), np.float32)
