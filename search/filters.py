"""Makes filters of what people type."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePath

from indexer.media.languages import language_code
from indexer.media.tags import tag_key
from indexer.store.containers import kind_of
from indexer.store.filters import Filters, Near
from search.errors import InvalidQuery
from search.quantities import parse_day, parse_duration, parse_lines, parse_near

__all__ = ["Filters", "Near", "parse_filters"]

MOST_CHARACTERS = 1000
CODECS = {
    "avc": "h264",
    "divx": "mpeg4",
    "h.263": "h263",
    "h.264": "h264",
    "h.265": "hevc",
    "h.266": "vvc",
    "h265": "hevc",
    "h266": "vvc",
    "x264": "h264",
    "x265": "hevc",
    "xvid": "mpeg4",
}
"""Other names of codecs that FFmpeg, and so the catalog, calls otherwise."""
_NAME = re.compile(r"[a-z0-9_.-]+")


def parse_filters(
    *,
    folder: str = "",
    tags: Sequence[str] = (),
    after: str = "",
    before: str = "",
    longer: str = "",
    shorter: str = "",
    min_resolution: str = "",
    max_resolution: str = "",
    codec: str = "",
    container: str = "",
    camera: str = "",
    language: str = "",
    near: str = "",
) -> Filters:
    """Filters of options as they are typed; an empty one asks for nothing.

    `folder` is a full path, or names in a row anywhere in a path; `language` a code such as "en";
    for the others see `search.quantities`. Raises InvalidQuery, also where no video could fit.
    """
    filters = Filters(
        folder=_folder(folder),
        tags=tuple(_tag(tag) for tag in tags),
        after=parse_day(after) if after else None,
        before=parse_day(before) if before else None,
        longer_s=parse_duration(longer) if longer else None,
        shorter_s=parse_duration(shorter) if shorter else None,
        min_lines=parse_lines(min_resolution) if min_resolution else None,
        max_lines=parse_lines(max_resolution) if max_resolution else None,
        codec=_codec(codec),
        container=_container(container),
        camera=_text(camera),
        language=_language(language),
        near=parse_near(near) if near else None,
    )
    refuse_the_impossible(filters)
    return filters


def refuse_the_impossible(filters: Filters) -> None:
    """Raises InvalidQuery where no video could fit all of them."""
    if filters.after and filters.before and filters.after >= filters.before:
        raise InvalidQuery("No video is from after the one date and before the other. Swap them.")
    _refuse_empty("duration", filters.longer_s, filters.shorter_s)
    _refuse_empty("resolution", filters.min_lines, filters.max_lines)


def _refuse_empty(what: str, least: float | None, most: float | None) -> None:
    if least is not None and most is not None and least > most:
        raise InvalidQuery(f"The smallest {what} is above the largest. Swap them.")


def _text(typed: str) -> str:
    """On one line. Raises InvalidQuery for what no catalog can hold."""
    if len(typed) > MOST_CHARACTERS or any("\ud800" <= c <= "\udfff" or c == "\0" for c in typed):
        raise InvalidQuery("A filter is too long, or no text. Write a few words.")
    return " ".join(typed.split())


def _folder(typed: str) -> str:
    _text(typed)
    if not typed.strip():
        return ""
    place = PurePath(typed)
    if place.parts[:1] == ("~",):
        place = Path.home().joinpath(*place.parts[1:])
    if not place.parts or ".." in place.parts:
        raise InvalidQuery(f"{typed!r} is no folder. Write its full path, or only its name.")
    return str(place)


def _tag(typed: str) -> str:
    key = tag_key(_text(typed))
    if not key:
        raise InvalidQuery(f"{typed!r} is no tag. Write a word, such as holiday.")
    return key


def _codec(typed: str) -> str:
    name = _name(typed, "codec", "h264, hevc or av1")
    return CODECS.get(name, name)


def _container(typed: str) -> str:
    return kind_of(_name(typed, "container", "mp4, mkv or webm"))


def _name(typed: str, what: str, examples: str) -> str:
    name = _text(typed).lower().lstrip(".")
    if typed and not _NAME.fullmatch(name):
        raise InvalidQuery(f"{typed!r} is no {what}. Write its name, such as {examples}.")
    return name


def _language(typed: str) -> str:
    code = language_code(_text(typed))
    if typed and not code:
        raise InvalidQuery(f"{typed!r} is no language code. Write one such as en, de or pt-BR.")
    return code
