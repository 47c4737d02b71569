"""The part of a library that a question is asked of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.store.filters import Filters
from indexer.store.library import Library

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
        catalog = library.catalog
        videos = catalog.filtered_videos(filters)
        return cls(
            videos,
            np.array(catalog.filtered_clips(filters, library.generation.number), np.int64),
            np.array(catalog.words.sentence_ids(videos), np.int64),
        )

    def within(self, library: Library, videos: Collection[int]) -> Scope:
        """The part of it that lies in `videos`."""
        left = frozenset(videos) if self.videos is None else self.videos & frozenset(videos)
        catalog = library.catalog
        clips = catalog.clips_within(left, library.generation.number)
        return Scope(
            left,
            np.array(clips, np.int64),
            np.array(catalog.words.sentence_ids(left), np.int64),
        )


EVERYTHING = Scope()
