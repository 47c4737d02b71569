"""Which videos are trained on, and which are kept apart to judge by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.training.pairs import TrainingPair

HELD_OUT = 0.2
"""Share of the pairs that is kept apart."""
SAME_CONTENT = 0.97
"""Cosine of mean features from which on two videos count as one: another encoding, or cut."""
BLOCK = 2048


@dataclass(frozen=True)
class Split:
    """Pairs by side. No video, and no copy of one, is on both."""

    train: list[TrainingPair]
    held_out: list[TrainingPair]

    @property
    def videos(self) -> tuple[int, int]:
        """Number of videos on each side."""
        return len({p.video for p in self.train}), len({p.video for p in self.held_out})


def split_by_video(
    pairs: Sequence[TrainingPair], *, seed: int = 1, share: float = HELD_OUT
) -> Split:
    """Keep whole videos apart, drawn by `seed`, until about `share` of the pairs is.

    Both sides get at least one video where there are two; a single one is trained on. The order of
    `pairs` does not matter to which videos are kept apart.
    """
    groups = sorted(video_groups(pairs), key=min)
    order = np.random.default_rng(seed).permutation(len(groups)).tolist()
    counts = {video: 0 for group in groups for video in group}
    for pair in pairs:
        counts[pair.video] += 1
    kept: set[str] = set()
    wanted = share * len(pairs)
    for i in order[:-1]:  # the last one is always trained on
        size = sum(counts[video] for video in groups[i])
        have = sum(counts[video] for video in kept)
        if not kept or abs(have + size - wanted) <= abs(have - wanted):
            kept |= groups[i]
    return Split(
        [pair for pair in pairs if pair.video not in kept],
        [pair for pair in pairs if pair.video in kept],
    )


def video_groups(pairs: Sequence[TrainingPair]) -> list[set[str]]:
    """The videos of `pairs`; those that show the same are together."""
    features = _mean_features(pairs)
    names = sorted(features)
    parent = {name: name for name in names}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    if names:
        for i, j in _alike(np.stack([features[name] for name in names])):
            parent[root(names[i])] = root(names[j])
    groups: dict[str, set[str]] = {}
    for name in names:
        groups.setdefault(root(name), set()).add(name)
    return list(groups.values())


def _mean_features(pairs: Sequence[TrainingPair]) -> dict[str, NDArray[np.float32]]:
    """(F,) of unit length for each video."""
    sums: dict[str, NDArray[np.float32]] = {}
    for pair in pairs:
        total = pair.tokens.astype(np.float32).sum(0)
        sums[pair.video] = sums[pair.video] + total if pair.video in sums else total
    return {video: x / max(float(np.linalg.norm(x)), 1e-12) for video, x in sums.items()}


def _alike(vectors: NDArray[np.float32]) -> Iterator[tuple[int, int]]:
    """Pairs of rows of (N, F) that are almost the same, block by block to bound the memory."""
    for start in range(0, len(vectors), BLOCK):
        rows = vectors[start : start + BLOCK]
        for other in range(start, len(vectors), BLOCK):
            found = np.argwhere(rows @ vectors[other : other + BLOCK].T > SAME_CONTENT)
            yield from ((start + i, other + j) for i, j in found.tolist())
