"""Whether two videos, laid on each other, show the same: and from when to when.

Two tests. The pictures must be alike; and what changes in them over the stretch must change alike.
The second knows a copy from another take of the same scene, where all that stands is the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.copies.candidates import Hypothesis
from indexer.copies.pictures import Float32

LIKENESS = 0.6
"""Correlation that a picture of a copy has at least, as a rule."""
HOPELESS = 0.2
"""Correlation of what changes, laid to the cell, below which no finer shift makes a copy of it."""
_SHIFTS = range(-3, 4)
_FINE_SHIFTS = (-0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.6)
_ONE_FLAT = -0.15
"""Gain where only one of two pictures is flat: a fade is cut a little earlier in a copy."""
_STILL = 0.0015
"""Change, as part of the picture, that rounding to shades makes of a picture that stands."""


@dataclass(frozen=True)
class Stretch:
    """Cells [start, end) of the copy; cell i lies on `speed` x i + `offset` of the original."""

    start: int
    end: int
    speed: float
    offset: float
    counted: int
    """Cells whose pictures are not flat."""
    similarity: float
    """Mean correlation of the pictures that are not flat."""
    motion: float
    """Correlation of what changes; 0 where all stands still."""
    weight: float
    """Sum of what the likeness exceeds its least by: more pictures, and more alike, weigh more."""

    @property
    def score(self) -> float:
        """To choose by among several ways to lay the same videos on each other."""
        return self.weight * max(self.motion, 0.01)

    def spans(self, cells: int) -> tuple[tuple[float, float], tuple[float, float]]:
        """(start, end) in an original of so many `cells`, and in the copy; in cells."""
        first = max(0.0, self.speed * self.start + self.offset)
        last = min(float(cells), self.speed * self.end + self.offset)
        in_copy = (first - self.offset) / self.speed, (last - self.offset) / self.speed
        return (first, last), in_copy


def align(original: Float32, copy: Float32, guess: Hypothesis) -> Stretch | None:
    """The best stretch near `guess`. `original` as the copy would show it; (cells, 144) unit."""
    best = _best(original, copy, [(guess.speed, guess.offset + shift) for shift in _SHIFTS])
    if best is None or best.motion < HOPELESS:
        return None
    middle = (best.start + best.end) / 2
    turns = (0.97, 1.0, 1.03) if guess.speed != 1 else (1.0,)
    near = [
        (best.speed * turn, best.offset + best.speed * (1 - turn) * middle + shift)
        for turn in turns
        for shift in _FINE_SHIFTS
    ]
    return _best(original, copy, near)


def _best(original: Float32, copy: Float32, lines: Iterable[tuple[float, float]]) -> Stretch | None:
    laid = (_laid(original, copy, speed, offset) for speed, offset in lines)
    return max(filter(None, laid), key=lambda stretch: stretch.score, default=None)


def _laid(original: Float32, copy: Float32, speed: float, offset: float) -> Stretch | None:
    """Cell i of `copy` on `speed` x i + `offset` of `original`."""
    places = np.arange(len(copy)) * speed + offset
    inside = np.flatnonzero((places > -0.5) & (places < len(original) - 0.5))
    if not len(inside):
        return None
    shown, seen = copy[inside], _between(original, places[inside].astype(np.float64))
    likeness = np.einsum("ij,ij->i", shown, seen)
    gains = likeness - LIKENESS
    flat, other_flat = ~shown.any(1), ~seen.any(1)
    gains[flat ^ other_flat] = _ONE_FLAT
    gains[flat & other_flat] = 0
    start, end = heaviest(gains)
    if start == end:
        return None
    rows = start + np.flatnonzero(~np.logical_or(flat, other_flat)[start:end])
    return Stretch(
        start=int(inside[start]),
        end=int(inside[end - 1]) + 1,
        speed=speed,
        offset=offset,
        counted=len(rows),
        similarity=float(likeness[rows].mean()),
        motion=motion(shown[rows], seen[rows]),
        weight=float(gains[start:end].sum()),
    )


def _between(pictures: Float32, places: NDArray[np.float64]) -> Float32:
    """What is on screen at `places`, which may lie between two cells: a mixture of both."""
    places = np.clip(places, 0, len(pictures) - 1)
    before = places.astype(np.int64)
    after = np.minimum(before + 1, len(pictures) - 1)
    share = (places - before).astype(np.float32)[:, None]
    mixed = pictures[before] * (1 - share) + pictures[after] * share
    lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
    return np.asarray(mixed / np.where(lengths > 1e-3, lengths, np.inf), np.float32)


def heaviest(gains: NDArray[np.float32]) -> tuple[int, int]:
    """[start, end) of the longest run with the largest sum; (0, 0) where no gain is above 0."""
    sums = np.concatenate([[0.0], np.cumsum(gains, dtype=np.float64)])
    lowest = np.minimum.accumulate(sums)
    heights = sums - lowest
    end = len(heights) - 1 - int(np.argmax(heights[::-1]))
    if heights[end] <= 0:
        return 0, 0
    return int(np.flatnonzero(sums[:end] == lowest[end])[0]), end


def motion(one: Float32, other: Float32) -> float:
    """Correlation of two stretches of (N, 144) unit vectors, N >= 1, each less its mean."""
    mean, other_mean = one.mean(0), other.mean(0)
    energy, other_energy = 1 - float(mean @ mean), 1 - float(other_mean @ other_mean)
    if min(energy, other_energy) < _STILL:
        return 0.0
    shared = float(np.einsum("ij,ij->", one, other)) / len(one) - float(mean @ other_mean)
    return float(shared / np.sqrt(energy * other_energy))
