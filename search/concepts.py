"""What a moment shows of what was asked for, in words: the concepts near to both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.store.vectors import VectorStore
from model.encoder import Encoder
from search.samples import sample_of

WORDS = Path(__file__).with_name("concepts.txt")
MOST = 5
LEAST = 1.5
"""Deviations that a concept stands out by, at least, to be named."""

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class Concept:
    """A concept that a moment shows."""

    text: str
    shown: float
    """By how many standard deviations the moment is nearer to it than the library's clips are."""
    asked: float
    """By how many the query is nearer to it than to the other concepts."""


class Concepts:
    """The concepts of `concepts.txt` over one store of clips; encoded when first asked for."""

    def __init__(self, store: VectorStore, encoder: Encoder) -> None:
        self._store = store
        self._encoder = encoder

    def near(self, query: Float32, moment: Float32) -> list[Concept]:
        """Up to `MOST` that stand out in both vectors, (dim,) unit each, best first."""
        texts, vectors, mean, deviation = self._known
        shown = (vectors @ moment - mean) / deviation
        asked = _standardised(vectors @ query)
        both = np.minimum(shown, asked)
        order = np.argsort(-both, kind="stable")[:MOST]
        return [
            Concept(texts[i], float(shown[i]), float(asked[i])) for i in order if both[i] >= LEAST
        ]

    @cached_property
    def _known(self) -> tuple[list[str], Float32, Float32, Float32]:
        """Texts, their vectors (C, dim), and mean and deviation of their cosines to clips (C,)."""
        texts = [
            line for line in WORDS.read_text("utf-8").splitlines() if line[:1] not in ("", "#")
        ]
        vectors = np.asarray(self._encoder.encode_text(texts))
        cosines = sample_of(self._store) @ vectors.T
        deviation = np.maximum(cosines.std(0), 1e-3)
        return texts, vectors, cosines.mean(0), deviation


def _standardised(cosines: Float32) -> Float32:
    return np.asarray((cosines - cosines.mean()) / max(float(cosines.std()), 1e-3), np.float32)
