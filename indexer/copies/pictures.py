"""A fingerprint's shades as vectors that can be compared."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.media.fingerprint import SIDE

Float32 = NDArray[np.float32]
Shades = NDArray[np.uint8]
"""(cells, 144), what `indexer.media.fingerprint.decode` gives."""

_HASH_SIDE = 8


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


def hashes(pictures: Float32) -> NDArray[np.uint8]:
    """(cells, 8) bytes: the signs of the lowest 64 frequencies, mean brightness left out.

    The perceptual hash of Zauner (2010), with signs in place of the median.
    """
    return np.packbits(pictures @ _BASIS.T > 0, axis=1)


def _cosines() -> Float32:
    """The 64 lowest frequencies of the two-dimensional cosine transform, as rows of (64, 144)."""
    waves = np.cos(np.pi / SIDE * np.outer(np.arange(SIDE), np.arange(SIDE) + 0.5))
    order = np.add.outer(np.arange(SIDE), np.arange(SIDE)).ravel().argsort(kind="stable")
    return np.kron(waves, waves)[order[1 : _HASH_SIDE**2 + 1]].astype(np.float32)


_BASIS = _cosines()
