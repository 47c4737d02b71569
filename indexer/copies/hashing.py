"""The hashes by which frames of different videos meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.copies.pictures import Shades, hashes, pictures
from indexer.copies.views import VIEWS, View

Hashes = NDArray[np.uint8]
Ints = NDArray[np.int64]

_CHANGE_BITS = 3
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
    words = hashes(pictures(shades)).view(np.uint64).ravel().tolist()
    kept: list[int] = []
    last: int | None = None
    for cell in np.flatnonzero(shades.any(1)).tolist():
        if last is None or (words[cell] ^ last).bit_count() >= _CHANGE_BITS:
            last = words[cell]
            kept.append(cell)
    return np.array(kept, np.int64)


def _hashed(video: int, shades: Shades, cells: Ints, views: Sequence[View]) -> Frames:
    shown = pictures(shades[cells])
    positions = np.array([VIEWS.index(view) for view in views], np.int64)
    return Frames(
        np.concatenate([hashes(view.of(shown)) for view in views]),
        np.full(len(cells) * len(views), video, np.int64),
        np.tile(cells, len(views)),
        np.repeat(positions, len(cells)),
    )


def _joined(parts: Iterable[Frames]) -> Frames:
    columns = zip(*((p.hashes, p.videos, p.cells, p.views) for p in parts), strict=True)
    return Frames(*map(np.concatenate, columns))
