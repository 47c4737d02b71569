"""Finds the subtitle files beside a video."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import UnreadableFile
from indexer.media.discovery import VIDEO_EXTENSIONS
from indexer.media.subtitle_files import read_subtitles
from indexer.media.subtitle_names import NameTags, name_tags

_CERTAIN = (
    *(".srt", ".vtt", ".ass", ".ssa", ".ttml", ".dfxp", ".sbv", ".smi", ".sami", ".scc"),
    *(".json3", ".srv3", ".srv2", ".srv1", ".ytt", ".mpl", ".mpl2", ".sub"),
)
"""By preference."""
_DOUBTFUL = (".stl", ".xml", ".json", ".tmp", ".txt")
"""Often something else: counted only when their content is subtitles."""
_SUFFIXES = _CERTAIN + _DOUBTFUL
_ANY_RATE_HZ = 25.0


@dataclass(frozen=True)
class Sidecar:
    """A subtitle file of a video. Whether it can be read, reading tells."""

    path: Path
    language: str
    """Primary subtag of BCP 47 by the file's name; empty when the name does not say."""
    forced: bool
    """It holds only what is foreign to the film's own audience."""


@dataclass
class _Folder:
    by_prefix: dict[str, list[Path]] = field(default_factory=dict)
    """Subtitle files, by each of the beginnings of their names that end before a dot."""
    videos: set[str] = field(default_factory=set)
    """Names of videos, with and without their suffixes."""


class SidecarFinder:
    """Gives the subtitle files of videos. Each folder is listed once, at the first question."""

    def __init__(self) -> None:
        self._folders: dict[Path, _Folder] = {}

    def beside(self, video: Path) -> tuple[Sidecar, ...]:
        """The subtitle files of `video`, best first: English, then those that name no language,
        then the others by language; forced ones last of all. None if its folder is gone.

        A file belongs to the video with the longest name that its own begins with.
        """
        folder = self._folder(video.parent)
        found = []
        for path in folder.by_prefix.get(_normal(video.stem), ()):
            tags = _tags(path, video, folder)
            if tags is not None and _counts(path):
                found.append((_rank(tags, path), Sidecar(path, tags.language, tags.forced)))
        return tuple(sidecar for _, sidecar in sorted(found, key=lambda pair: pair[0]))

    def _folder(self, path: Path) -> _Folder:
        if path not in self._folders:
            self._folders[path] = _listed(path)
        return self._folders[path]


def _listed(path: Path) -> _Folder:
    folder = _Folder()
    try:
        files = list(path.iterdir())
    except OSError:
        return folder  # its disk is not mounted
    for file in files:
        suffix, parts = file.suffix.lower(), _normal(file.stem).split(".")
        if suffix in _SUFFIXES:
            for count in range(1, len(parts) + 1):
                folder.by_prefix.setdefault(".".join(parts[:count]), []).append(file)
        elif suffix[1:] in VIDEO_EXTENSIONS:
            folder.videos |= {_normal(file.stem), _normal(file.name)}
    return folder


def _tags(path: Path, video: Path, folder: _Folder) -> NameTags | None:
    """What the name says beyond the video's; None if it is another video's or says nothing
    known."""
    stem = _normal(video.stem)
    parts = _normal(path.stem)[len(stem) + 1 :].split(".")
    longer = {".".join([stem, *parts[:count]]) for count in range(1, len(parts) + 1)}
    if (longer - {_normal(video.name)}) & folder.videos:
        return None
    tags = [tag for tag in parts if tag]
    if tags and f".{tags[0]}" == video.suffix:  # name.mp4.srt
        tags = tags[1:]
    return name_tags(tags)


def _counts(path: Path) -> bool:
    if path.suffix.lower() in _CERTAIN:
        return True
    try:
        read_subtitles(path, _ANY_RATE_HZ)
    except UnreadableFile:
        return False  # a note, a 3-D model, a list of metadata
    return True


def _rank(tags: NameTags, path: Path) -> tuple[bool, int, str, bool, int, str]:
    order = {"en": 0, "": 1}.get(tags.language, 2)
    kind = _SUFFIXES.index(path.suffix.lower())
    return tags.forced, order, tags.language, tags.for_deaf, kind, path.name


def _normal(name: str) -> str:
    """File systems of Apple's take accents off their letters."""
    return unicodedata.normalize("NFC", name)
