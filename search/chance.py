"""What chance makes of one library: what its queries are measured from, and the law of the best.

Each is a pair of the background (dim,), whose cosine to a query is taken from all of its cosines,
and of the law of the best that background has in the library; see `search.calibration`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indexer.store.vectors import VectorStore
from search.null import Null
from search.samples import sample_of

SMALL = 50
"""Background sentences that a line has to beat in the smallest library too."""
MOST = 16384
"""Clips that the best is looked for in; of more it is reckoned by Gumbel's law."""
FEWEST = 8
"""Clips with a nearest one in another video, that a law is fitted to."""
USUAL = Null(0.5, 0.1)
"""Cosines of the nearest clips of different videos, in an ordinary small library."""

Float32 = NDArray[np.float32]


def of_captions(store: VectorStore, captions: Float32) -> tuple[Float32, Null]:
    """The background (dim,) and its law in `store`, out of vectors of captions (N, dim), N > 1."""
    if not len(store):
        return captions.mean(0), Null(0.0, 1.0)
    clips = sample_of(store, MOST)
    best = (captions @ clips.T).max(1)
    null = Null.fit(best - _with_others(captions))
    return captions.mean(0), null.among(len(store) / len(clips))


def of_sentences(store: VectorStore, sentences: Float32) -> tuple[Float32, Null]:
    """The same for what is said, as if `SMALL` of the sentences were said too: of the three lines
    of a small library nothing is learnt about how near a line can be by chance."""
    chosen = np.linspace(0, len(sentences) - 1, min(SMALL, len(sentences))).astype(np.int64)
    cosines = sentences @ sentences[chosen].T
    cosines[chosen, np.arange(len(chosen))] = -1.0
    best = cosines.max(1)
    if len(store):
        best = np.maximum(best, store.search(sentences, 1)[0][:, 0])
    return sentences.mean(0), Null.fit(best - _with_others(sentences))


def of_clips(vectors: Float32, videos: NDArray[np.integer], total: int) -> tuple[Float32, Null]:
    """The same out of clips (N, dim) themselves, each asked of all videos but its own (N,).

    They stand for `total` clips. Where fewer than `FEWEST` know another video, USUAL holds.
    """
    if not len(vectors):
        return np.zeros(vectors.shape[1], np.float32), USUAL
    cosines = vectors @ vectors.T
    cosines[videos[:, None] == videos[None]] = -np.inf
    best = cosines.max(1) - _with_others(vectors)
    if len(best := best[np.isfinite(best)]) < FEWEST:
        return vectors.mean(0) * 0, USUAL
    return vectors.mean(0), Null.fit(best).among(total / len(vectors))


def _with_others(vectors: Float32) -> Float32:
    """(N, dim) -> (N,), the mean cosine of each to the others."""
    others = max(len(vectors) - 1, 1)
    return np.asarray((vectors @ vectors.sum(0) - 1) / others, np.float32)
