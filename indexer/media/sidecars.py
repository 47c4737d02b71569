"""Files beside a video that describe it: `name.info.json`, `name.nfo`, `movie.nfo`, `name.json`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from indexer.errors import UnreadableFile
from indexer.media.details import Details
from indexer.media.discovery import VIDEO_EXTENSIONS
from indexer.media.info_json import read_info_json, read_other_json
from indexer.media.nfo import read_nfo

Reader = Callable[[Path], Details | None]

READERS: dict[str, Reader] = {
    ".info.json": read_info_json,
    ".nfo": read_nfo,
    ".json": read_other_json,
}
"""By what follows the video's name, in order of preference."""
OF_THE_FOLDER = "movie.nfo"
"""Describes the video of a folder that holds only one."""


def sidecars_of(video: Path, names: Collection[str]) -> list[Path]:
    """The files among the `names` in its folder that may describe `video`, best first.

    The case of the extension does not matter, that of the name does.
    """
    found = []
    for ending in READERS:
        length = len(video.stem) + len(ending)
        wanted = (n for n in names if len(n) == length and n.startswith(video.stem))
        found += sorted(name for name in wanted if name.lower().endswith(ending))
    if _is_alone(names):
        found += sorted(n for n in names if n.lower() == OF_THE_FOLDER and n not in found)
    return [video.parent / name for name in found]


def read_sidecars(paths: Collection[Path]) -> tuple[Details, list[UnreadableFile]]:
    """What these say together, the first first, and what was wrong with those that are broken."""
    details, broken = Details(), []
    for path in paths:
        try:
            details = details.filled_from(_read(path) or Details())
        except UnreadableFile as error:
            broken.append(error)
    return details, broken


class Sidecars:
    """The sidecars of many videos: a folder is listed once for those that come one by one."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._names: list[str] = []

    def of(self, video: Path) -> list[Path]:
        """The files that may describe `video`, best first. Raises UnreadableFile."""
        if video.parent != self._folder:
            try:
                self._names = [entry.name for entry in video.parent.iterdir()]
            except OSError as error:
                reason = f"cannot be listed: {error.strerror}"
                raise UnreadableFile(video.parent, reason) from error
            self._folder = video.parent
        return sidecars_of(video, self._names)


def _is_alone(names: Collection[str]) -> bool:
    """Whether one name among these is a video's."""
    return sum(Path(name).suffix.lower().lstrip(".") in VIDEO_EXTENSIONS for name in names) == 1


def _read(path: Path) -> Details | None:
    name = path.name.lower()
    return next(reader for ending, reader in READERS.items() if name.endswith(ending))(path)
