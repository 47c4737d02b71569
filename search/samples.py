"""Vectors that stand for a whole library."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.store.vectors import VectorStore

SAMPLE = 2048
"""Means and deviations over so many are right to a few per cent."""

Float32 = NDArray[np.float32]


def sample_of(store: VectorStore, most: int = SAMPLE) -> Float32:
    """(N, dim), N at most `most`, evenly from the first to the last.

    Ids grow with time, and what is new may be of another kind.
    """
    ids = sampled(store, most)
    return store.vectors(ids) if len(ids) else np.empty((0, store.dim), np.float32)


def sampled(store: VectorStore, most: int) -> NDArray[np.int64]:
    """The ids (N,) of such a sample, ascending: at most `most`, evenly spaced over the store."""
    ids = store.ids()
    return ids[np.linspace(0, max(0, len(ids) - 1), min(len(ids), most)).astype(np.int64)]
