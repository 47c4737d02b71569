"""What yt-dlp writes beside a download: `name.info.json`."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from indexer.errors import UnreadableFile
from indexer.media.chapters import ordered_chapters
from indexer.media.dates import stated_time
from indexer.media.details import MOST_DESCRIPTION, MOST_NAME, MOST_TITLE, Details
from indexer.media.generated import is_generated
from indexer.media.languages import language_code
from indexer.media.small_files import read_small
from indexer.media.tags import united
from indexer.media.urls import web_address
from indexer.media.wording import one_line, tidy
from model.sentences import Cue

MOST_BYTES = 32_000_000
"""Comments and lists of formats make some of them long."""

_SIGNS = ("extractor", "extractor_key", "webpage_url", "upload_date", "uploader", "channel")
"""A title and one of these make a JSON file one of yt-dlp's."""
_AUTHORS = ("uploader", "channel", "artist", "creator")
_DATES = ("upload_date", "release_date")


def read_info_json(path: Path, now: datetime | None = None) -> Details | None:
    """The details in such a file, None where it is JSON of another kind. Raises UnreadableFile.

    It is of no date after `now`, by default the present.
    """
    content = read_small(path, MOST_BYTES)
    try:
        info = json.loads(content)
    except (ValueError, RecursionError) as error:  # not UTF-8, not JSON, or nested without end
        remedy = "Download it again with `yt-dlp --write-info-json --skip-download`, or remove it."
        raise UnreadableFile(path, f"is no JSON ({_first_line(error)})", remedy) from error
    if not isinstance(info, dict) or not _text(info, "title") or not _is_one(info):
        return None
    return _details(info, now or datetime.now(UTC))


def read_other_json(path: Path) -> Details | None:
    """The same of `name.json`, which may be anything of any program: None where it is not ours."""
    try:
        return read_info_json(path)
    except UnreadableFile:
        return None


def _is_one(info: dict[str, Any]) -> bool:
    return any(_text(info, sign) for sign in _SIGNS)


def _details(info: dict[str, Any], now: datetime) -> Details:
    return Details(
        title=one_line(_text(info, "title"), MOST_TITLE),
        description=tidy(_text(info, "description"), MOST_DESCRIPTION),
        recorded_at=_published_at(info, now),
        author=one_line(_text(info, *_AUTHORS), MOST_NAME),
        language=language_code(_text(info, "language")),
        url=web_address(_text(info, "webpage_url", "original_url")) or "",
        tags=united([*_texts(info, "tags"), *_texts(info, "categories")]),
        chapters=ordered_chapters(_chapters(info)),
    )


def _published_at(info: dict[str, Any], now: datetime) -> datetime | None:
    """To the second where the site says it, else the day."""
    seconds = _number(info.get("timestamp"))
    if 0 < seconds <= now.timestamp():
        return datetime.fromtimestamp(seconds, UTC)
    return stated_time(_text(info, *_DATES), now)


def _chapters(info: dict[str, Any]) -> list[Cue]:
    found = [chapter for chapter in _list(info, "chapters") if isinstance(chapter, dict)]
    cues = [
        Cue(_number(c.get("start_time")), _number(c.get("end_time")), _text(c, "title"))
        for c in found
    ]
    return [cue for cue in cues if not is_generated(cue.text)]


def _text(info: dict[str, Any], *keys: str) -> str:
    """The first of these that is a text, and says something."""
    values = (info.get(key) for key in keys)
    return next((v for v in values if isinstance(v, str) and v.strip()), "")


def _texts(info: dict[str, Any], key: str) -> list[str]:
    return [value for value in _list(info, key) if isinstance(value, str)]


def _list(info: dict[str, Any], key: str) -> list[Any]:
    value = info.get(key)
    return value if isinstance(value, list) else []


def _number(value: object) -> float:
    """NaN for what is no number, or beyond any that a float holds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    return float(value) if abs(value) < 1e15 else math.nan


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
