"""Reads what a client asks for, and says clearly what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

from flask import abort, request

from search.errors import InvalidQuery
from search.filters import Filters, parse_filters
from search.moment_ref import MAX_ID
from webui.errors import InvalidFilter

FILTERS = {
    "folder": "in",
    "after": "after",
    "before": "before",
    "longer": "longer",
    "shorter": "shorter",
    "min_resolution": "min_resolution",
    "max_resolution": "max_resolution",
    "codec": "codec",
    "container": "container",
    "camera": "camera",
    "language": "language",
    "near": "near",
}
"""Name in `parse_filters` -> parameter; `tag` may come several times."""


@dataclass(frozen=True)
class LikePoint:
    """A point in a video of the library, in seconds from its start."""

    video_id: int
    seconds: float


def whole_number(name: str, default: int, lowest: int, highest: int) -> int:
    """The query parameter `name`.

    :raises BadRequest: it is no whole number from `lowest` to `highest`.
    """
    text = request.args.get(name)
    if text is None:
        return default
    if not (_is_digits(text) and lowest <= int(text) <= highest):
        abort(400, f"{name} must be a whole number from {lowest} to {highest}.")
    return int(text)


def seconds(name: str) -> float:
    """The query parameter `name`, a time in a video.

    :raises BadRequest: it is missing, or not a number from 0.
    """
    value = _number(request.args.get(name, ""))
    if value is None:
        abort(400, f"{name} must be a number of seconds, such as {name}=12.5.")
    return value


def flag(name: str) -> bool:
    """The query parameter `name`: 1 for yes, 0 or nothing for no.

    :raises BadRequest: it is something else.
    """
    return bool(whole_number(name, 0, 0, 1))


def share(name: str) -> float:
    """The query parameter `name`, from 0 to 1; 0 where it is not given.

    :raises BadRequest: it is something else.
    """
    value = _number(request.args.get(name, "0"))
    if value is None or value > 1:
        abort(400, f"{name} must be a number from 0 to 1.")
    return value


def like_point(text: str) -> LikePoint:
    """`17@12.5`: video 17 at 12.5 s.

    :raises BadRequest: it is written differently.
    """
    video, _, time = text.partition("@")
    value = _number(time)
    if not _is_digits(video) or value is None:
        abort(400, "like must be VIDEO@SECONDS with the video's number, such as like=17@12.5.")
    return LikePoint(min(int(video), MAX_ID), value)


def filters() -> Filters:
    """The filters among the parameters; see `search.filters`.

    :raises InvalidFilter: one is not in its form.
    :raises InvalidQuery: no video could fit all of them.
    """
    given: dict[str, Any] = {
        name: text for name in FILTERS if (text := request.args.get(FILTERS[name], ""))
    }
    tags = request.args.getlist("tag")
    _check("tag", tags=tags)
    for name, text in given.items():
        _check(FILTERS[name], **{name: text})
    return parse_filters(tags=tags, **given)


def _check(parameter: str, **typed: Any) -> None:
    """So that it can be said which one is wrong."""
    try:
        parse_filters(**typed)
    except InvalidQuery as error:
        raise InvalidFilter(parameter, str(error)) from error


def _is_digits(text: str) -> bool:
    """Only 0 to 9, unlike isdigit; and not so many that reading them takes time."""
    return text.isascii() and text.isdigit() and len(text) < 20


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and value >= 0 else None
