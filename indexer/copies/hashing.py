"""The hashes by which frames of different videos meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from indexer.copies.pictures import Float32, Shades
from indexer.copies.views import SAME, VIEWS, View
from indexer.media.fingerprint import SIDE

Hashes = NDArray[np.uint8]
Ints = NDArray[np.int64]

_CHANGE_BITS = 5
"""A picture that differs by fewer from the last one kept is the same picture still."""


@dataclass(frozen=True)
class Frames:
    """Hashed pictures of many videos: row i is picture `cells[i]` of `videos[i]` in `views[i]`."""

    hashes: Hashes
    """(N, 8) bytes."""
    videos: Ints
    cells: Ints
    views: Ints
    """Positions in VIEWS."""

    def __len__(self) -> int:
        return len(self.videos)

    def where(self, chosen: NDArray[np.bool_]) -> Frames:
        """The rows that (N,) `chosen` says."""
        return Frames(
            self.hashes[chosen], self.videos[chosen], self.cells[chosen], self.views[chosen]
        )


def hashed(fingerprints: Mapping[int, Shades], views: Sequence[View] = VIEWS) -> Frames:
    """The telling pictures of all videos, in each of `views`."""
    found = [
        _hashed(video, shades, cells, views)
        for video, shades in fingerprints.items()
        if len(cells := telling_cells(shades))
    ]
    empty = Frames(np.empty((0, 8), np.uint8), *[np.empty(0, np.int64)] * 3)
    return _joined([empty, *found])


def telling_cells(shades: Shades) -> Ints:
    """Positions of the pictures that are not flat and not the same as the last one."""
    words = hashes(shades).view(np.uint64).ravel().tolist()
    kept: list[int] = []
    last: int | None = None
    for cell in np.flatnonzero(shades.any(1)).tolist():
        if last is None or (words[cell] ^ last).bit_count() >= _CHANGE_BITS:
            last = words[cell]
            kept.append(cell)
    return np.array(kept, np.int64)


def _hashed(video: int, shades: Shades, cells: Ints, views: Sequence[View]) -> Frames:
    positions = np.array([VIEWS.index(view) for view in views], np.int64)
    return Frames(
        hashes(shades[cells], views).reshape(-1, 8),
        np.full(len(cells) * len(views), video, np.int64),
        np.repeat(cells, len(views)),
        np.tile(positions, len(cells)),
    )


def hashes(shades: Shades, views: Sequence[View] = (SAME,)) -> Hashes:
    """(cells, views, 8) bytes: the signs of a view's lowest 64 frequencies, without the mean.

    The perceptual hash of Zauner (2010), with signs in place of the median.
    """
    waves = _projection(tuple(views))
    return np.packbits(shades.astype(np.float32) @ waves > 0, axis=1).reshape(-1, len(views), 8)


@lru_cache
def _projection(views: tuple[View, ...]) -> Float32:
    """(144, 64 x views): the frequencies of each view, taken from the whole picture."""
    return np.concatenate([view.matrix.T @ _cosines().T for view in views], axis=1)


def _cosines() -> Float32:
    """The 64 lowest frequencies of the two-dimensional cosine transform, as rows of (64, 144)."""
    waves = np.cos(np.pi / SIDE * np.outer(np.arange(SIDE), np.arange(SIDE) + 0.5))
    order = np.add.outer(np.arange(SIDE), np.arange(SIDE)).ravel().argsort(kind="stable")
    return np.kron(waves, waves)[order[1:65]].astype(np.float32)


def _joined(parts: Iterable[Frames]) -> Frames:
    columns = zip(*((p.hashes, p.videos, p.cells, p.views) for p in parts), strict=True)
    return Frames(*map(np.concatenate, columns))
