"""Makes a vector out of what is asked with: words, a clip, a picture, a moment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.video_names import VideoNames
from model.encoder import Encoder
from search.errors import InvalidQuery, UnknownVideo
from search.question import Example

MAX_CHARACTERS = 1000

Float32 = NDArray[np.float32]


def clean_text(text: str) -> str:
    """The words of a query. Raises InvalidQuery when there are none, or far too many."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidQuery("The query is not UTF-8 text. Type it again, or save it as UTF-8.")
    words = " ".join(text.split())
    if not any(character.isalnum() for character in words):
        raise InvalidQuery("The query is empty. Describe what the moment shows, in a few words.")
    if len(words) > MAX_CHARACTERS:
        raise InvalidQuery(
            f"The query has {len(words)} characters; at most {MAX_CHARACTERS} are read. "
            "Describe the moment in one sentence."
        )
    return words


def clip_vector(path: Path, encoder: Encoder) -> Float32:
    """(dim,) of a whole video file, its first two minutes. Raises indexer.errors.MediaError."""
    from indexer.media.isolation import read_clip
    from indexer.segments import tokenize

    times, images, info = read_clip(path, encoder.frame_size)
    tokens = tokenize(encoder.frame_features(images), times, info.duration_s)
    vectors: Float32 = encoder.encode_clips([tokens])
    return np.asarray(vectors[0])


def picture_vector(picture: Path | bytes, encoder: Encoder) -> Float32:
    """(dim,) of a picture. Raises indexer.errors.MediaError."""
    from indexer.media.pictures import load_picture

    vectors = encoder.encode_frames(load_picture(picture, encoder.frame_size)[None])
    return np.asarray(vectors[0])


def parse_like(text: str, *, wanted: bool = True) -> Example:
    """`VIDEO@SECONDS`. Raises InvalidQuery."""
    video, _, seconds = text.rpartition("@")
    try:
        at = float(seconds)
    except ValueError:
        at = -1.0
    if not video or not 0 <= at < float("inf"):
        raise InvalidQuery(f"{text!r} is not VIDEO@SECONDS, such as holiday.mp4@12.5")
    return Example(video, at, wanted)


def resolve_video(name: str, paths: dict[str, int]) -> int:
    """The id of a video given by its path, or by a file name that only one video has.

    `paths` gives every known path's video id. Raises UnknownVideo.
    """
    found = VideoNames(paths).find(name)
    if len(found) == 1:
        return found.pop()
    if found:
        raise UnknownVideo(f"{len(found)} videos are called {name}. Give the full path.")
    raise UnknownVideo(f"{name} is not in the library. Add it with `videobert index`.")
