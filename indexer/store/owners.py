"""Which video each of many sentences is of: in memory, for there may be 100,000."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

Int64 = NDArray[np.int64]


class Owners:
    """Ids with the ids of their videos, 16 bytes a pair."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        """(id, id of its video) of each."""
        flat = np.fromiter((number for pair in pairs for number in pair), np.int64)
        self._ids = np.ascontiguousarray(flat[0::2])
        self._videos = np.ascontiguousarray(flat[1::2])

    def of(self, videos: Collection[int]) -> Int64:
        """(N,) ids of what these videos have, in the order of the pairs."""
        return self._ids[among(self._videos, videos)]


def among(owners: Int64, videos: Collection[int]) -> NDArray[np.bool_]:
    """(N,) ids of videos -> (N,) whether each is one of `videos`."""
    wanted = np.zeros(int(owners.max(initial=0)) + 1, np.bool_)
    asked = np.fromiter(videos, np.int64, len(videos))
    wanted[asked[(asked >= 0) & (asked < len(wanted))]] = True
    return np.asarray(wanted[owners])
