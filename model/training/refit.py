"""The bridge fitted anew to a library, in closed form: a ridge towards the bridge that is there.

A library looks different from photographs and is spoken of differently, so most is won by moving
the mean, and little by the rest until there are many pairs (Hoerl & Kennard 1970, with the current
weights as the mean of the prior). A gradient, free to move 800,000 weights, would learn a hundred
pairs by heart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from model.bridge import Bridge
from model.encoder import Float32
from model.joint import unit
from model.training.pairs import TrainingPair
from model.training.ranking import ranks_of, relevant
from model.training.split import video_groups
from model.training.student import Student

PENALTIES = (1e6, 1e5, 3e4, 1e4, 3e3, 1e3)
"""Of squared weights, against squared features summed over the pairs. The shipped bridge was fitted
with 700; the first is little more than a new mean."""
FOLDS = 5
ENOUGH = 2000
"""Pairs that are searched in cross-validation: more choose no better."""

Rows = NDArray[np.int64]
Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class Refit:
    """What was chosen, and the mean reciprocal rank in cross-validation by video."""

    penalty: float | None
    """None where no penalty was better than leaving the bridge as it is."""
    before: float
    after: float

    def __str__(self) -> str:
        if self.penalty is None:
            return "The bridge stays: no ridge towards it finds more, in cross-validation by video."
        return (
            f"The bridge was fitted anew, penalty {self.penalty:g}: mean reciprocal rank "
            f"{self.after:.3f} in cross-validation by video, {self.before:.3f} before."
        )


def refit_bridge(student: Student, pairs: Sequence[TrainingPair], *, seed: int = 1) -> Refit | None:
    """Fit the regression of the student's bridge to `pairs`, in place, where that helps.

    None, and nothing is done, for another kind of bridge, or when all pairs are of one video.
    """
    bridge = student.net.bridge
    folds = _folds(pairs, seed)
    if not isinstance(bridge, Bridge) or len(folds) < 2:
        return None
    lesson = _Lesson.of(student, bridge, pairs)
    scores = _cross_validate(lesson, folds)
    best = max(scores, key=lambda penalty: scores[penalty])  # the first of equals: the mildest
    if best is not None:
        weight, bias = lesson.ridge(np.arange(len(pairs))).fit(best)
        with torch.no_grad():
            bridge.ridge_weight.copy_(torch.from_numpy(weight))
            bridge.ridge_bias.copy_(torch.from_numpy(bias))
    return Refit(best, scores[None], scores[best])


def _cross_validate(lesson: _Lesson, folds: list[Rows]) -> dict[float | None, float]:
    """The mean reciprocal rank of each penalty, and of the bridge as it is."""
    everyone = np.arange(len(lesson.pooled))
    found: dict[float | None, list[Float64]] = {None: [], **{p: [] for p in PENALTIES}}
    for fold in folds:
        asked = np.flatnonzero(np.isin(lesson.searched, fold))
        found[None].append(lesson.ranks(lesson.weight, lesson.bias, asked))
        ridge = lesson.ridge(np.setdiff1d(everyone, fold))
        for penalty in PENALTIES:
            found[penalty].append(lesson.ranks(*ridge.fit(penalty), asked))
    return {p: float((1 / np.concatenate(ranks)).mean()) for p, ranks in found.items()}


class _Ridge:
    """Weights near `prior` (D, F) that take `x` (N, F) to `y` (N, D), for many penalties.

    Solved over pairs or over features, whichever are fewer.
    """

    def __init__(self, x: Float32, y: Float32, prior: Float32) -> None:
        self._x_mean, self._y_mean, self._prior = x.mean(0), y.mean(0), prior
        x = x - self._x_mean
        rest = y - self._y_mean - x @ prior.T  # (N, D), what the prior leaves
        self._over_pairs = x.T if len(x) < x.shape[1] else None
        gram, right = (x @ x.T, rest) if self._over_pairs is not None else (x.T @ x, x.T @ rest)
        self._values, self._vectors = np.linalg.eigh(gram.astype(np.float64))
        self._moment = self._vectors.T @ right.astype(np.float64)

    def fit(self, penalty: float) -> tuple[Float32, Float32]:
        """(D, F) weight and (D,) bias."""
        scale = self._values.clip(0) + penalty
        solved = self._vectors @ (self._moment / scale[:, None])
        moved = solved if self._over_pairs is None else self._over_pairs @ solved  # (F, D)
        weight = self._prior + moved.T
        bias = self._y_mean - weight @ self._x_mean
        return np.asarray(weight, np.float32), np.asarray(bias, np.float32)


@dataclass(frozen=True, eq=False)
class _Lesson:
    """Pairs as the bridge meets them. N pairs."""

    pooled: Float32  # (N, F), a window's mean token
    sentences: Float32  # (N, D), unit
    named: Float32  # (N, D), what the bridge adds to the regression
    searched: Rows  # (M,), the pairs that cross-validation searches among
    right: NDArray[np.bool_]  # (M, M)
    weight: Float32  # (D, F), the regression as it is
    bias: Float32  # (D,)

    @classmethod
    def of(cls, student: Student, bridge: Bridge, pairs: Sequence[TrainingPair]) -> _Lesson:
        searched = np.arange(0, len(pairs), -(-len(pairs) // ENOUGH))
        clips = [pair.tokens.astype(np.float32) for pair in pairs]
        pooled = np.stack([clip.mean(0) for clip in clips])
        weight, bias = (
            x.detach().cpu().numpy().copy() for x in (bridge.ridge_weight, bridge.ridge_bias)
        )
        return cls(
            pooled=pooled,
            sentences=student.encode_text([pair.text for pair in pairs]),
            named=student.bridged(clips) - unit(pooled @ weight.T + bias),
            searched=searched,
            right=relevant([pairs[i] for i in searched.tolist()]),
            weight=weight,
            bias=bias,
        )

    def ridge(self, rows: Rows) -> _Ridge:
        return _Ridge(self.pooled[rows], self.sentences[rows], self.weight)

    def ranks(self, weight: Float32, bias: Float32, asked: Rows) -> Float64:
        """Where the sentences of these of the searched find their windows among the searched."""
        pooled, named = self.pooled[self.searched], self.named[self.searched]
        videos = unit(unit(pooled @ weight.T + bias) + named)
        return ranks_of(self.sentences[self.searched[asked]] @ videos.T, self.right[asked])


def _folds(pairs: Sequence[TrainingPair], seed: int) -> list[Rows]:
    """Indices of the pairs, by video; copies of a video are in one fold."""
    groups = sorted(video_groups(pairs), key=min)
    order = np.random.default_rng(seed).permutation(len(groups)).tolist()
    fold_of = {video: i % FOLDS for i, group in enumerate(order) for video in groups[group]}
    folds = np.array([fold_of[pair.video] for pair in pairs], np.int64)
    return [np.flatnonzero(folds == i) for i in range(FOLDS) if (folds == i).any()]
