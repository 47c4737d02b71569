"""What a container's tags say about a video: MP4, QuickTime, Matroska, AVI, ASF, RealMedia."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from indexer.media.dates import stamped_time, stated_time
from indexer.media.details import MOST_DESCRIPTION, MOST_NAME, MOST_TITLE, Details
from indexer.media.generated import is_generated
from indexer.media.iso6709 import parse_place
from indexer.media.languages import language_code
from indexer.media.metadata import AUDIO_LANGUAGE
from indexer.media.tags import split_tags, united
from indexer.media.urls import web_address
from indexer.media.wording import one_line, tidy
from model.sentences import Cue

T = TypeVar("T")

_APPLE = "com.apple.quicktime."
_ANDROID = "com.android."
_SUFFIX = re.compile(r"-[a-z]{3}$")  # the language of a tag: title-eng

# By preference: what was set when the recording began comes before what an editor stamped.
_STAMPED = (f"{_APPLE}creationdate", "date_recorded", "creation_time", "date_digitized")
_STATED = ("date", "date_released", "year")
_TITLE = ("title", f"{_APPLE}title", f"{_APPLE}displayname")
_DESCRIPTION = ("synopsis", "description", f"{_APPLE}description", "abstract", "summary", "comment")
_AUTHOR = ("artist", "author", f"{_APPLE}author", f"{_APPLE}artist", "album_artist", "director")
_PLACE = ("location", f"{_APPLE}location.iso6709", "recording_location")
_MAKE = ("make", f"{_APPLE}make", f"{_ANDROID}manufacturer")
_MODEL = ("model", f"{_APPLE}model", f"{_ANDROID}model")
_TAGS = ("keywords", f"{_APPLE}keywords", "genre", f"{_APPLE}genre")


def container_details(
    tags: Mapping[str, str], chapters: tuple[Cue, ...] = (), now: datetime | None = None
) -> Details:
    """Details from a `Reading`'s tags and chapters. What a program wrote by itself is left out.

    Of when, `now` is the latest that is believed, by default the present.
    """
    plain = {_SUFFIX.sub("", key): value for key, value in tags.items()} | dict(tags)
    place = _first(plain, _PLACE, parse_place) or (None, None)
    return Details(
        title=one_line(_written(plain, _TITLE), MOST_TITLE),
        description=tidy(_written(plain, _DESCRIPTION), MOST_DESCRIPTION),
        recorded_at=_recorded_at(plain, now or datetime.now(UTC)),
        latitude=place[0],
        longitude=place[1],
        camera=_camera(plain),
        author=one_line(_written(plain, _AUTHOR), MOST_NAME),
        language=language_code(plain.get(AUDIO_LANGUAGE, "")),
        url=_first(plain, ("purl", "comment"), web_address) or "",
        tags=united(tag for key in _TAGS for tag in split_tags(plain.get(key, ""))),
        chapters=tuple(cue for cue in chapters if not is_generated(cue.text)),
    )


def _first(
    tags: Mapping[str, str], keys: Iterable[str], parse: Callable[[str], T | None]
) -> T | None:
    """The first of the tags that can be parsed."""
    found = (parse(tags[key]) for key in keys if key in tags)
    return next((value for value in found if value is not None), None)


def _written(tags: Mapping[str, str], keys: Iterable[str]) -> str:
    """The first of the tags that a person has written."""
    return _first(tags, keys, _by_a_person) or ""


def _by_a_person(text: str) -> str | None:
    return None if is_generated(text) or web_address(text) else text


def _recorded_at(tags: Mapping[str, str], now: datetime) -> datetime | None:
    stamped = _first(tags, _STAMPED, partial(stamped_time, now=now))
    return stamped or _first(tags, _STATED, partial(stated_time, now=now))


def _camera(tags: Mapping[str, str]) -> str:
    """Maker and model: some models begin with their maker."""
    make, model = (one_line(_written(tags, keys), MOST_NAME // 2 - 1) for keys in (_MAKE, _MODEL))
    return model if model.casefold().startswith(make.casefold()) else f"{make} {model}".strip()
