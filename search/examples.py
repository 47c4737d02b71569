"""Vectors of moments that the library has."""

from __future__ import annotations

from collections.abc import Sequence

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
    clip = library.catalog.clip_at(video.id, encoder, seconds)
    if clip is None:
        raise UnknownVideo(_not_live(video))
    return clip


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
    for row, (video_id, seconds) in enumerate(places):
        clip = library.catalog.clip_at(video_id, encoder, seconds)
        if clip is not None:
            try:
                found[row] = vectors_of(library, [clip.id])[0]
            except KeyError:  # encoded since this generation was made
                continue
    return found


def _not_live(video: VideoRecord) -> str:
    return f"{video.path} is not in the live generation. Run `videobert index`."
