"""The part of a library that a question is asked of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.store.filters import Filters
from indexer.store.library import Library

FEW = 20
"""Videos whose clips are looked up; for more, those of the whole library are read once."""

Int64 = NDArray[np.int64]


@dataclass(frozen=True)
class Scope:
    """Ids of what is looked through; None is everything."""

    videos: frozenset[int] | None = None
    clips: Int64 | None = None
    sentences: Int64 | None = None

    @classmethod
    def of(cls, library: Library, filters: Filters | None) -> Scope:
        """What `filters` let through of the library's generation."""
        if not filters:
            return cls()
        return _of_videos(library, library.catalog.filtered_videos(filters))

    def within(self, library: Library, videos: Collection[int]) -> Scope:
        """The part of it that lies in `videos`."""
        left = frozenset(videos) if self.videos is None else self.videos & frozenset(videos)
        return _of_videos(library, left)


def _of_videos(library: Library, videos: frozenset[int]) -> Scope:
    if len(videos) > FEW:
        return Scope(videos, library.clips.within(videos), library.sentence_owners.of(videos))
    catalog = library.catalog
    clips = catalog.clips_within(videos, library.generation.number)
    sentences = catalog.words.sentence_ids(videos)
    return Scope(videos, np.array(clips, np.int64), np.array(sentences, np.int64))


EVERYTHING = Scope()
