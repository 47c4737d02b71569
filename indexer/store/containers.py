"""Containers by the names that people give them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Container:
    """A kind of file: FFmpeg's name of its format, which others share, and its own extensions."""

    format: str
    extensions: tuple[str, ...]


CONTAINERS = {
    "3gp": Container("3gp", ("3gp", "3gpp", "3g2")),
    "avi": Container("avi", ("avi", "divx")),
    "flv": Container("flv", ("flv", "f4v")),
    "mkv": Container("matroska", ("mkv", "mk3d")),
    "mov": Container("mov", ("mov", "qt")),
    "mp4": Container("mp4", ("mp4", "m4v")),
    "mpg": Container("mpeg", ("mpg", "mpeg", "vob")),
    "ogv": Container("ogg", ("ogv", "ogm")),
    "ts": Container("mpegts", ("ts", "mts", "m2ts", "m2t")),
    "webm": Container("webm", ("webm",)),
    "wmv": Container("asf", ("wmv", "asf")),
}
_ONE_FORMAT = (("3gp", "mov", "mp4"), ("mkv", "webm"))
"""What FFmpeg does not tell apart."""


def kind_of(name: str) -> str:
    """The kind whose name, extension or only format this is; else `name` itself."""
    if name in CONTAINERS:
        return name
    kinds = (k for k, c in CONTAINERS.items() if name == c.format or name in c.extensions)
    return next(kinds, name)


def lookalikes(name: str) -> list[str]:
    """Extensions of the other kinds that FFmpeg takes for the same format as kind `name`."""
    others = [other for group in _ONE_FORMAT if name in group for other in group if other != name]
    return [extension for other in others for extension in CONTAINERS[other].extensions]
