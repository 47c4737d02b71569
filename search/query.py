"""Reads what people type for a query, a moment, or a video."""

from __future__ import annotations

from indexer.video_names import VideoNames
from search.errors import InvalidQuery, UnknownVideo
from search.quantities import parse_duration
from search.question import Example

MAX_CHARACTERS = 1000


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


def parse_like(text: str, *, wanted: bool = True) -> Example:
    """`VIDEO@SECONDS`; times as `search.quantities` reads them. Raises InvalidQuery."""
    video, _, seconds = text.rpartition("@")
    try:
        if not video:
            raise InvalidQuery("there is no video")
        return Example(video, parse_duration(seconds), wanted)
    except InvalidQuery:
        raise InvalidQuery(
            f"{text!r} is not VIDEO@SECONDS, such as holiday.mp4@12.5 or holiday.mp4@1:30."
        ) from None


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
