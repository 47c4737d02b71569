"""From cosines, which mean something within one query only, to probabilities.

A query's cosine to a clip says little: one query is near to everything, another to nothing, and in
a large library something is always near. So a cosine is first measured from what the query has with
the background (everyday sentences, or the library's own clips); then from the best that background
has in this library. How often what stands out so far is right, follows a logistic curve, fitted
once on pictures of Flickr8k's test split: see docs/calibration.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.store.vectors import VectorStore
from search.null import Null, surprise
from search.samples import sample_of

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]


SUREST = 0.99
"""No channel is surer of anything: so others still count beside it."""


@dataclass(frozen=True)
class Curve:
    """The chance of being right, of what stands out by u scales:
    SUREST / (1 + exp((even - u) / width)).

    Platt's scaling (1999).
    """

    even: float
    """u from which it is more likely right than wrong."""
    width: float

    def at(self, u: NDArray[np.floating]) -> Float64:
        """u of any shape -> 0 to 1."""
        bounded = np.clip((self.even - np.asarray(u, np.float64)) / self.width, -700, 700)
        chances: Float64 = SUREST / (1.0 + np.exp(bounded))
        return chances

    def threshold(self, rate: float) -> float:
        """The probability that a share `rate` of the background reaches in one channel."""
        return float(self.at(np.array(surprise(rate))))


SMALL = 50
"""Background sentences that a line has to beat in the smallest library too."""
PICTURE_CURVE = Curve(even=4.14, width=1.08)
SPEECH_CURVE = Curve(even=3.72, width=0.90)


class Calibration:
    """Probabilities of one channel over one store of vectors."""

    def __init__(self, background: Callable[[], tuple[Float32, Null]], curve: Curve) -> None:
        """`background` gives what queries are measured from, (dim,), and the law of the best; it
        is called with the first query."""
        self._background = background
        self._curve = curve

    @cached_property
    def _known(self) -> tuple[Float32, Null]:
        return self._background()

    def strengths(self, query: Float32, cosines: NDArray[np.floating]) -> Float64:
        """Cosines of one query (dim,), of any shape -> probabilities in the same order."""
        centre, null = self._known
        standing = np.asarray(cosines, np.float64) - float(centre @ query)
        return self._curve.at((standing - null.location) / null.scale)

    def cosine(self, query: Float32, rate: float) -> float:
        """What a share `rate` (0 to 1, both excluded) of the background reaches with a query."""
        centre, null = self._known
        return float(centre @ query) + null.location + surprise(rate) * null.scale


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


MOST = 16384
"""Clips that the best is looked for in; of more it is reckoned by Gumbel's law."""


def of_clips(vectors: Float32, videos: NDArray[np.integer], total: int) -> tuple[Float32, Null]:
    """The same out of clips (N, dim) themselves, each asked of all videos but its own (N,).

    They stand for `total` clips. A library of one video knows no other: then USUAL holds.
    """
    if not len(vectors):
        return np.zeros(vectors.shape[1], np.float32), USUAL
    cosines = vectors @ vectors.T
    cosines[videos[:, None] == videos[None]] = -np.inf
    best = cosines.max(1) - _with_others(vectors)
    if len(best := best[np.isfinite(best)]) < FEWEST:
        return vectors.mean(0) * 0, USUAL
    return vectors.mean(0), Null.fit(best).among(total / len(vectors))


USUAL = Null(0.5, 0.1)
"""Cosines of the nearest clips of different videos, in an ordinary small library."""
FEWEST = 8


def _with_others(vectors: Float32) -> Float32:
    """(N, dim) -> (N,), the mean cosine of each to the others."""
    others = max(len(vectors) - 1, 1)
    return np.asarray((vectors @ vectors.sum(0) - 1) / others, np.float32)
