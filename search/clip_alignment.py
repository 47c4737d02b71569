"""Which part of an uploaded clip is in which video, and when: vectors propose, pictures verify."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.copies.pictures import Shades
from indexer.errors import CorruptShard
from indexer.media.parts import FINGERPRINT, recipes
from indexer.segments import clip_bounds, clip_times, tokenize
from indexer.store.library import Library
from indexer.store.readings import read_reading
from model.encoder import Encoder
from search.aligned_span import AlignedSpan
from search.clip_copies import clip_copies
from search.clip_reading import read_query_clip
from search.clip_windows import WindowHit, chain
from search.scope import Scope

PROPOSED = 50
"""Videos whose fingerprints are compared with the clip's."""
_DEPTH = 200
"""Clips of the library that are looked at for each window."""


def align_clip(path: Path, library: Library, encoder: Encoder, scope: Scope) -> list[AlignedSpan]:
    """Copies in the clip's order, then what is only similar, best first.

    Reads the first two minutes. Raises indexer.errors.MediaError.
    """
    clip = read_query_clip(path, encoder.frame_size)
    features = encoder.frame_features(clip.images)
    tokens = tokenize(features, clip.times_s, clip.duration_s)
    bounds = clip_bounds(len(tokens))
    vectors = encoder.encode_clips([tokens[start:end] for start, end in bounds])
    times = clip_times(bounds, clip.duration_s)
    similar = chain(_hits(library, np.asarray(vectors), times, scope))
    proposed = [span.video_id for span in similar[:PROPOSED]]
    copies = [] if clip.shades is None else clip_copies(clip.shades, _shades(library, proposed))
    copied = {span.video_id for span in copies}
    return copies + [span for span in similar if span.video_id not in copied]


def _hits(
    library: Library, vectors: NDArray[np.float32], times: NDArray[np.float64], scope: Scope
) -> Iterator[WindowHit]:
    index = library.generation.vectors
    depth = min(_DEPTH, len(index if scope.clips is None else scope.clips))
    if not depth:
        return
    scores, ids = index.search(vectors, depth, scope.clips)
    clips = library.catalog.clips(np.unique(ids).tolist())
    live = library.catalog.videos({clip.video_id for clip in clips.values()})
    for (start_s, end_s), row, found in zip(times.tolist(), scores, ids.tolist(), strict=True):
        for score, one in zip(row.tolist(), found, strict=True):
            if one in clips and clips[one].video_id in live:
                yield WindowHit(start_s, end_s, clips[one], score)


def _shades(library: Library, videos: Iterable[int]) -> dict[int, Shades]:
    """Fingerprints by video id; a video whose reading is damaged waits for `rebuild`."""
    from indexer.media.fingerprint import decode

    shades: dict[int, Shades] = {}
    wanted = recipes(screen=False)[FINGERPRINT]
    for video in library.catalog.videos(set(videos)).values():
        try:
            stored = read_reading(library.paths.reading(video.content))
        except (FileNotFoundError, CorruptShard):
            continue
        same = stored.recipes.get(FINGERPRINT) == wanted  # two recipes do not compare
        if same and stored.reading.fingerprint is not None:
            shades[video.id] = decode(stored.reading.fingerprint)
    return shades
