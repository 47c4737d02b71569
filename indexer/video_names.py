"""Which video a user means by a path, or by a part of one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Generic, TypeVar

Video = TypeVar("Video")


class VideoNames(Generic[Video]):
    """All paths of a library with what lies there: a video's id, or its content."""

    def __init__(self, paths: Mapping[str, Video]) -> None:
        self._paths = paths
        self._by_name: dict[str, list[str]] = {}
        for path in paths:
            self._by_name.setdefault(PurePath(path).name, []).append(path)

    def find(self, name: str, folder: Path | None = None) -> set[Video]:
        """The one video at the path `name`, relative to `folder` or to the current one; else all
        whose path ends in `name`: none, one, or several that cannot be told apart."""
        beside = None if folder is None else _full_path(name, folder)
        for candidate in (beside, name, _full_path(name)):
            if candidate is not None and candidate in self._paths:
                return {self._paths[candidate]}
        wanted = PurePath(name).parts
        alike = self._by_name.get(PurePath(name).name, [])
        return {self._paths[p] for p in alike if PurePath(p).parts[-len(wanted) :] == wanted}


def _full_path(name: str, folder: Path | None = None) -> str | None:
    """The absolute path of what `name` is, in `folder` if given; None where it can be no path."""
    try:
        return str((folder / name if folder else Path(name).expanduser()).resolve())
    except (RuntimeError, ValueError, OSError):  # an unknown ~user, a zero byte, a loop of links
        return None
