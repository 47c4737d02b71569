"""Files beside a video that describe it: `name.info.json`, `name.nfo`, `movie.nfo`, `name.json`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
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


class Listing:
    """The names of one folder, of which those that describe a video are found at once."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_stem: dict[str, list[tuple[int, str]]] = {}
        self._folders: list[str] = []
        videos = 0
        for name in names:
            lower = name.lower()
            for rank, ending in enumerate(READERS):
                if lower.endswith(ending):
                    stem = name[: len(name) - len(ending)]
                    self._by_stem.setdefault(stem, []).append((rank, name))
            if lower == OF_THE_FOLDER:
                self._folders.append(name)
            videos += lower.rpartition(".")[2] in VIDEO_EXTENSIONS
        self._is_alone = videos == 1

    def of(self, video: Path) -> list[Path]:
        """The files that may describe `video`, best first.

        The case of the extension does not matter, that of the name does.
        """
        found = [name for _, name in sorted(self._by_stem.get(video.stem, ()))]
        if self._is_alone:
            found += sorted(name for name in self._folders if name not in found)
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
    """The sidecars of many videos: each folder is listed once, at the first question."""

    def __init__(self) -> None:
        self._folders: dict[Path, Listing] = {}

    def of(self, video: Path) -> list[Path]:
        """The files that may describe `video`, best first. Raises UnreadableFile."""
        folder = video.parent
        if folder not in self._folders:
            try:
                self._folders[folder] = Listing([entry.name for entry in folder.iterdir()])
            except OSError as error:
                reason = f"cannot be listed: {error.strerror}"
                raise UnreadableFile(folder, reason) from error
        return self._folders[folder].of(video)


def _read(path: Path) -> Details | None:
    name = path.name.lower()
    return next(reader for ending, reader in READERS.items() if name.endswith(ending))(path)
