"""The clips of a generation: asked of the catalog one by one, until reading all is cheaper."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.store.catalog import Catalog
from indexer.store.clip_rows import Clips, clip_rows
from indexer.store.owners import among

_ONE_BY_ONE = 8
"""A clip that is looked up takes about so many times as long as one of all, read in a row."""

Int64 = NDArray[np.int64]


class ClipTable:
    """For one question the catalog is asked, for more of them there is a table in memory.

    40 bytes a clip. Clips never change: the table is right as long as its generation is there.
    Safe to use from several threads.
    """

    def __init__(self, catalog: Catalog, generation: int, count: int) -> None:
        """`count` is the number of clips of that generation."""
        self._catalog = catalog
        self._generation = generation
        self._count = count
        self._left = count // _ONE_BY_ONE

    def find(self, ids: Int64) -> tuple[Clips, NDArray[np.bool_]]:
        """The clips with these ids (N,), in their order, and which of the N are there at all."""
        clips = self._with(ids)
        places = np.minimum(np.searchsorted(clips["id"], ids), max(0, len(clips) - 1))
        known = clips["id"][places] == ids if len(clips) else np.zeros(len(ids), np.bool_)
        return clips[places[known]], known

    def within(self, videos: Collection[int]) -> Int64:
        """(N,) ids of the generation's clips in these videos."""
        return np.asarray(self._all["id"][among(self._all["video_id"], videos)])

    def _with(self, ids: Int64) -> Clips:
        """By id; those with `ids` at least."""
        self._left -= len(ids)
        # the catalog forgets which clips were of a generation that is kept no longer
        if self._left < 0 and len(self._all) == self._count:
            return self._all
        found = self._catalog.clips(ids.tolist()).values()
        return _by_id(clip_rows(found))

    @cached_property
    def _all(self) -> Clips:
        """By id."""
        return _by_id(self._catalog.clips_in(self._generation))


def _by_id(clips: Clips) -> Clips:
    return clips[np.argsort(clips["id"])]
