"""Looks for the windows of an uploaded clip among the clips of a library."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import chain, islice, zip_longest

import numpy as np
from numpy.typing import NDArray

from indexer.segments import clip_bounds, clip_times
from indexer.store.library import Library
from indexer.store.records import ClipRecord
from model.encoder import Encoder
from search.clip_reading import ClipReading
from search.clip_windows import WindowHit
from search.scope import Scope

_SHORT_TOKENS = 2
"""A part of a compilation may be a third of a window, and the rest of it something else."""
_PROPOSING_CLIPS = 100
"""Clips of the library among which each window's best videos are chosen."""

Float32 = NDArray[np.float32]
Bounds = list[tuple[int, int]]


class WindowSearch:
    """The windows are cut as a library's own clips are: 9 s, overlapping by half."""

    def __init__(self, clip: ClipReading, library: Library, encoder: Encoder, scope: Scope) -> None:
        self._clip = clip
        self._library = library
        self._encoder = encoder
        self._scope = scope
        index = library.generation.vectors
        self.clips = len(index if scope.clips is None else scope.clips)
        """Of the library, that may be found."""

    def hits(self, depth: int) -> list[WindowHit]:
        """For each window the nearest `depth` clips, or all."""
        times = clip_times(self._bounds, self._clip.duration_s).tolist()
        return [
            WindowHit(window, start_s, end_s, clip, score)
            for window, (start_s, end_s), found in zip(
                range(len(times)), times, self._nearest(self._vectors, depth), strict=True
            )
            for clip, score in found
        ]

    def videos(self, count: int) -> list[int]:
        """The best video of each window, short ones too; then the second of each, and so on."""
        tokens = len(self._clip.tokens)
        short = [(at, min(at + _SHORT_TOKENS, tokens)) for at in range(0, tokens, _SHORT_TOKENS)]
        vectors = np.concatenate([self._vectors, self._encoded(short)])
        ranked = [
            list(dict.fromkeys(clip.video_id for clip, _ in found))
            for found in self._nearest(vectors, _PROPOSING_CLIPS)
        ]
        by_rank = chain.from_iterable(zip_longest(*ranked))
        return list(islice(dict.fromkeys(one for one in by_rank if one is not None), count))

    @cached_property
    def _bounds(self) -> Bounds:
        return clip_bounds(len(self._clip.tokens))

    @cached_property
    def _vectors(self) -> Float32:
        return self._encoded(self._bounds)

    def _encoded(self, bounds: Bounds) -> Float32:
        parts = [self._clip.tokens[start:end] for start, end in bounds]
        return np.asarray(self._encoder.encode_clips(parts))

    def _nearest(self, vectors: Float32, depth: int) -> Iterator[list[tuple[ClipRecord, float]]]:
        """For each of `vectors` (N, dim) the clips nearest to it, without those of lost files."""
        depth = min(depth, self.clips)
        if not depth:
            yield from ([] for _ in vectors)
            return
        index = self._library.generation.vectors
        scores, ids = index.search(vectors, depth, self._scope.clips)
        clips = self._library.catalog.clips(np.unique(ids).tolist())
        live = self._library.catalog.videos({clip.video_id for clip in clips.values()})
        for row, found in zip(scores.tolist(), ids.tolist(), strict=True):
            yield [
                (clips[one], score)
                for one, score in zip(found, row, strict=True)
                if one in clips and clips[one].video_id in live
            ]
