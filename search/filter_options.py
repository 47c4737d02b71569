"""The filters as options of a command."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

OPTIONS = {
    "folder": ("--in", "FOLDER", "Only videos in this folder: its full path, or a part of it."),
    "tags": ("--tag", "TAG", "Only videos with this tag. Several: all of them."),
    "after": ("--after", "DATE", "Recorded then or later: 2024, 2024-05 or 2024-05-31."),
    "before": ("--before", "DATE", "Recorded earlier than that."),
    "longer": ("--longer", "TIME", "At least so long: 90s, 10m, 1:30 or 1h."),
    "shorter": ("--shorter", "TIME", "At most so long."),
    "min_resolution": ("--min-resolution", "LINES", "At least so large: 720p or 4k."),
    "max_resolution": ("--max-resolution", "LINES", "At most so large."),
    "codec": ("--codec", "NAME", "Of this video codec: h264, hevc, av1, ..."),
    "container": ("--container", "NAME", "In this format: mp4, mkv, webm, ..."),
    "camera": ("--camera", "NAME", "Taken by this camera, or a part of its name."),
    "language": ("--language", "CODE", "In which this language is spoken: en, de, ..."),
    "near": ("--near", "PLACE", "Taken around LATITUDE,LONGITUDE,KM."),
}
"""Name in `parse_filters` -> (option, what it takes, what it means)."""


def filter_options(command: F) -> F:
    """Gives a command the options of all filters; it gets them as `filters`, parsed."""

    @wraps(command)
    def filtered(*arguments: Any, **options: Any) -> Any:
        from search.filters import parse_filters

        typed = {name: options.pop(name) for name in OPTIONS}
        given = {name: value for name, value in typed.items() if value}
        return command(*arguments, filters=parse_filters(**given), **options)

    decorated: Any = filtered
    for name, (flag, metavar, text) in reversed(OPTIONS.items()):
        option = click.option(flag, name, metavar=metavar, help=text, multiple=name == "tags")
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]
