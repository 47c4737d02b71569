"""Vectors of moments that the library has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from indexer.segments import CLIP_TOKENS, TOKEN_S
from indexer.store.library import Library
from indexer.store.records import ClipRecord, VideoRecord
from search.errors import InvalidQuery, UnknownVideo

CLIP_S = CLIP_TOKENS * TOKEN_S
"""The longest clip."""

Float32 = NDArray[np.float32]


def clip_around(library: Library, video: VideoRecord, seconds: float) -> ClipRecord:
    """The clip of a video around a time.

    Raises InvalidQuery when the video is over by then, UnknownVideo when no clip of it is kept.
    """
    if not 0 <= seconds <= video.duration_s:
        raise InvalidQuery(
            f"{video.path} is {video.duration_s:.1f} s long; {seconds:g} s is outside of it."
        )
    encoder = library.generation.manifest.encoder
    clips = library.catalog.clips_of([video.id], encoder).get(video.id)
    if not clips:
        raise UnknownVideo(_not_live(video))
    return _nearest(clips, seconds)


def vector_around(library: Library, video: VideoRecord, seconds: float) -> Float32:
    """(dim,) unit, of that clip. Raises InvalidQuery, UnknownVideo."""
    clip = clip_around(library, video, seconds)
    try:
        return np.asarray(vectors_of(library, [clip.id])[0])
    except KeyError:  # encoded since this generation was made
        raise UnknownVideo(_not_live(video)) from None


def vectors_of(library: Library, clips: Sequence[int]) -> Float32:
    """(N, dim) of clips by id. Raises KeyError for one that the generation does not have."""
    return np.asarray(library.generation.vectors.vectors(np.array(clips, np.int64)))


def vectors_at(library: Library, places: Sequence[tuple[int, float]]) -> Float32:
    """(N, dim) of the clips around (video id, seconds); 0 where none is kept."""
    encoder = library.generation.manifest.encoder
    found = np.zeros((len(places), library.generation.vectors.dim), np.float32)
    clips = library.catalog.clips_of({video_id for video_id, _ in places}, encoder)
    for row, (video_id, seconds) in enumerate(places):
        if video_id in clips:
            with suppress(KeyError):  # encoded since this generation was made
                found[row] = vectors_of(library, [_nearest(clips[video_id], seconds).id])[0]
    return found


def _nearest(clips: Iterable[ClipRecord], seconds: float) -> ClipRecord:
    """The one whose middle is nearest."""
    return min(clips, key=lambda clip: abs((clip.start_s + clip.end_s) / 2 - seconds))


def _not_live(video: VideoRecord) -> str:
    return f"{video.path} is not in the live generation. Run `videobert index`."
