"""A large tower teaches the small model on the user's own frames, so that search stays small.

Relational distillation (Park et al. 2019, arXiv 1904.05068): what is handed over is not the
teacher's space but what is similar to what in it. The teacher says which sentences of a bank suit
a frame; the mean of the *student's* vectors of these sentences is where the frame belongs in the
student's text space. A ridge from the student's features to these places is its new bridge. Text
is encoded as before, and the teacher is not needed again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.encoder import Float32
from model.towers.torch_tower import unit

PENALTIES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Of the ridge, in units of the features' mean variance."""
TOP = 10
"""Sentences that describe a frame."""
TEMPERATURE = 1.0
"""Of their weights, in standard deviations of a frame's similarities."""
ROWS = 1024
"""Frames whose similarities to all sentences are in memory at once."""


@dataclass(frozen=True)
class Distilled:
    """The student's bridge, `features @ weight + bias`, and what it is worth."""

    weight: Float32
    """(F, D)"""
    bias: Float32
    """(D,)"""
    penalty: float
    """The one of PENALTIES that agreed best."""
    agreement: float
    """On videos held out: the mean correlation of the student's similarities, a frame's to all
    sentences, with the teacher's. 1 is a perfect pupil, 0 one that learnt nothing."""

    def __call__(self, features: Float32) -> Float32:
        """(N, F) features -> (N, D) in the student's text space, not normalised."""
        return np.asarray(features @ self.weight + self.bias, np.float32)


def distil(
    features: Float32,
    teacher_frames: Float32,
    sentences: Float32,
    teacher_sentences: Float32,
    videos: NDArray[np.int64],
    *,
    held_out: float = 0.1,
    seed: int = 1,
) -> Distilled:
    """Fit the student's bridge to the teacher's judgement of the same N frames and M sentences.

    `features` (N, F) are the student's, cached ones will do, `sentences` (M, D) its unit vectors
    of the bank; `teacher_frames` (N, E) and `teacher_sentences` (M, E) are the teacher's, unit.
    `videos` (N,) says which video a frame is from: the penalty is chosen on videos held out, since
    neighbouring frames are copies of each other. Raises ValueError where there are fewer than two.
    """
    test = _held_out(videos, held_out, seed)
    targets = soft_captions(teacher_frames, teacher_sentences, sentences)
    ridge = _Ridge(features[~test], targets[~test])
    judged = np.flatnonzero(test)
    judged = judged[:: -(-len(judged) // ROWS)]
    truth = (teacher_frames[judged] - teacher_frames.mean(0)) @ teacher_sentences.T
    scores = {}
    for penalty in PENALTIES:
        weight, bias = ridge.fit(penalty)
        guess = features[judged] @ weight + bias - targets[~test].mean(0)
        scores[penalty] = _correlation(guess @ sentences.T, truth)
    best = max(scores, key=lambda penalty: scores[penalty])
    return Distilled(*_Ridge(features, targets).fit(best), best, scores[best])


def soft_captions(
    teacher_frames: Float32, teacher_sentences: Float32, sentences: Float32
) -> Float32:
    """(N, E), (M, E) of the teacher and (M, D) of the student -> (N, D): what suits each frame.

    Frames are centred first: pictures and sentences of a contrastive tower lie in two separate
    cones (Liang et al. 2022, arXiv 2203.02053), and some sentences are near to every picture.
    """
    top = min(TOP, len(sentences))
    centred = teacher_frames - teacher_frames.mean(0)
    captions = np.empty((len(centred), sentences.shape[1]), np.float32)
    for i in range(0, len(centred), ROWS):
        near = centred[i : i + ROWS] @ teacher_sentences.T  # (rows, M)
        spread = near.std(1, keepdims=True) * TEMPERATURE
        chosen = np.argpartition(-near, top - 1, axis=1)[:, :top]  # (rows, top)
        kept = np.take_along_axis(near, chosen, 1)
        weights = np.exp((kept - kept.max(1, keepdims=True)) / np.maximum(spread, 1e-12))
        weights /= weights.sum(1, keepdims=True)
        captions[i : i + ROWS] = np.einsum("rk,rkd->rd", weights, sentences[chosen])
    return captions


class _Ridge:
    """Least squares with a penalty on the weights and none on the bias, for many penalties."""

    def __init__(self, x: Float32, y: Float32) -> None:  # (N, F), (N, D)
        self._x_mean, self._y_mean = x.mean(0, dtype=np.float64), y.mean(0, dtype=np.float64)
        centred = x - self._x_mean.astype(np.float32)
        gram = (centred.T @ centred).astype(np.float64)
        self._values, self._vectors = np.linalg.eigh(gram)
        self._moment = self._vectors.T @ (centred.T @ y).astype(np.float64)
        self._unit = np.trace(gram) / len(gram)

    def fit(self, penalty: float) -> tuple[Float32, Float32]:
        """(F, D) weight and (D,) bias."""
        scale = self._values.clip(0) + penalty * self._unit + 1e-9
        weight = self._vectors @ (self._moment / scale[:, None])
        bias = self._y_mean - self._x_mean @ weight
        return weight.astype(np.float32), bias.astype(np.float32)


def _held_out(videos: NDArray[np.int64], share: float, seed: int) -> NDArray[np.bool_]:
    """(N,) bool: the frames of `share` of the videos, of one at least and never of all."""
    names = np.unique(videos)
    if len(names) < 2:
        raise ValueError(f"frames of two videos or more are needed, got {len(names)}")
    count = min(max(round(share * len(names)), 1), len(names) - 1)
    chosen = np.random.default_rng(seed).permutation(names)[:count]
    return np.isin(videos, chosen)


def _correlation(a: Float32, b: Float32) -> float:
    """The mean over rows of Pearson's correlation of two (N, M)."""
    a, b = (x - x.mean(1, keepdims=True) for x in (a, b))
    return float((unit(a) * unit(b)).sum(1).mean())
