"""Ranks of text -> video search, and whether one model's are better than another's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from model.training.pairs import TrainingPair
from model.training.student import Towers

RESAMPLES = 2000
CONFIDENCE = 0.95

Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class Recall:
    """Figures over the ranks of Q queries."""

    queries: int
    r1: float
    r5: float
    mrr: float

    @classmethod
    def of(cls, ranks: Float64) -> Recall:
        values = [
            float(measure(ranks).mean()) if len(ranks) else 0.0 for measure in MEASURES.values()
        ]
        return cls(len(ranks), *values)


def _within(places: int, ranks: Float64) -> Float64:
    return (ranks <= places).astype(np.float64)


MEASURES: dict[str, Callable[[Float64], Float64]] = {
    "R@1": partial(_within, 1),
    "R@5": partial(_within, 5),
    "MRR": np.reciprocal,
}
"""From (Q,) ranks to what each query contributes, (Q,)."""


@dataclass(frozen=True)
class Difference:
    """Candidate less current, with the interval that holds it in 95 of 100 resamplings."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:+.3f} ({self.low:+.3f} to {self.high:+.3f})"


def text_to_video_ranks(towers: Towers, pairs: Sequence[TrainingPair]) -> Float64:
    """(Q,): at which place each pair's sentence finds its window among those of all pairs."""
    if not pairs:
        return np.empty(0)
    videos = towers.encode_clips([pair.tokens.astype(np.float32) for pair in pairs])
    return ranks_of(towers.encode_text([pair.text for pair in pairs]) @ videos.T, relevant(pairs))


def relevant(pairs: Sequence[TrainingPair]) -> NDArray[np.bool_]:
    """(Q, Q): windows that count as right for a sentence: its own, or one that overlaps it, or one
    of the same words."""
    video = np.unique([pair.video for pair in pairs], return_inverse=True)[1]
    text = np.unique([pair.text.casefold() for pair in pairs], return_inverse=True)[1]
    start, end = (np.array([getattr(p, name) for p in pairs]) for name in ("start_s", "end_s"))
    meets = (start[:, None] < end) & (start < end[:, None])
    right = (video[:, None] == video) & meets | (text[:, None] == text)
    return np.asarray(right | np.eye(len(pairs), dtype=np.bool_))


def ranks_of(similarities: NDArray[np.float32], right: NDArray[np.bool_]) -> Float64:
    """(Q, N) and (Q, N) bool -> (Q,): the place of the best right one, counted from 1.

    Only wrong ones stand before it; ties count against it, so that a model to which everything is
    alike is last and not first.
    """
    best = np.where(right, similarities, -np.inf).max(1, keepdims=True)
    return np.asarray(1.0 + ((similarities >= best) & ~right).sum(1), np.float64)


def paired_bootstrap(current: Float64, candidate: Float64, *, seed: int = 1) -> Difference:
    """(Q,) contributions of the same queries under two models -> how much better the second is.

    Queries are drawn again with replacement (Efron & Tibshirani 1993, chapter 13); both models
    always answer the same ones, so that hard queries cost neither an advantage.
    """
    gains = candidate - current
    drawn = np.random.default_rng(seed).integers(len(gains), size=(RESAMPLES, len(gains)))
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(gains[drawn].mean(1), [tail, 1 - tail])
    return Difference(float(gains.mean()), float(low), float(high))
