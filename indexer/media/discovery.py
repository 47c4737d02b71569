"""Finds the videos below a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from indexer.errors import MediaError, UnreadableFile
from indexer.media.signatures import SNIFF_BYTES, is_video_container


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VIDEO_EXTENSIONS = _words(
    """
    3g2 3gp 3gpp amv asf avi divx dv f4v flv gif gifv heic heif ivf m1v m2p m2t m2ts m2v
    m4v mj2 mjpeg mjpg mk3d mkv mov mp4 mpe mpeg mpg mpv mts mxf nsv nut ogm ogv ps qt rm
    rmvb ts vob vro webm wmv wtv y4m
    """
)
OTHER_EXTENSIONS = _words(
    """
    aac ac3 aif aiff alac ape ass avif bmp bz2 css csv db dmg doc docx exe flac gz htm
    html ico ini iso jpeg jpg js json jxl log m3u m3u8 m4a m4b m4p mid md mka mks mp2 mp3
    mpd nfo oga opus part pdf png pptx ps1 py rar sqlite srt ssa sub sup svg tar tgz tif
    tiff toml torrent txt url vtt wav webp wma wpl wv xls xlsx xml xz yaml yml zip zst
    """
)
"""Known to be something else, whatever their first bytes are."""


LIBRARY_MARKER = "catalog.sqlite"
"""A folder that holds this file is a library; nothing in it is looked at."""


@dataclass(frozen=True)
class FoundVideo:
    """A file that may be a video; whether it is, decoding tells."""

    path: Path
    size_bytes: int
    mtime_ns: int


def find_videos(root: str | PathLike[str]) -> Iterator[FoundVideo | MediaError]:
    """Candidates at or below `root` in sorted order, and an error for what cannot be looked at.

    A file given as `root` is always a candidate. Hidden files and folders are skipped, links to
    files are followed, links to folders are not, so there are no loops. A library is passed over.
    """
    root = Path(root)
    if root.is_dir():
        yield from _scan(root)
    else:
        yield _examine(root)


def _scan(folder: Path) -> Iterator[FoundVideo | MediaError]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield _unreadable(folder, error)
        return
    if any(entry.name == LIBRARY_MARKER for entry in entries):
        return  # a library's own previews are not the user's videos
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _scan(Path(entry.path))
        else:
            yield from _consider(entry)


def _consider(entry: os.DirEntry[str]) -> Iterator[FoundVideo | MediaError]:
    """`entry` when it is a candidate."""
    try:
        if entry.is_file() and _is_candidate(entry):
            yield _examine(Path(entry.path))
        elif entry.is_symlink() and not Path(entry.path).exists():
            raise FileNotFoundError(2, "the link leads nowhere")
    except OSError as error:
        if _extension(entry.name) not in OTHER_EXTENSIONS:
            yield _unreadable(Path(entry.path), error)


def _is_candidate(entry: os.DirEntry[str]) -> bool:
    extension = _extension(entry.name)
    if extension in VIDEO_EXTENSIONS:
        return True
    if extension in OTHER_EXTENSIONS:
        return False
    with Path(entry.path).open("rb") as file:
        return is_video_container(file.read(SNIFF_BYTES))


def _examine(path: Path) -> FoundVideo | MediaError:
    try:
        status = path.stat()
    except OSError as error:
        return _unreadable(path, error)
    return FoundVideo(path, status.st_size, status.st_mtime_ns)


def _extension(name: str) -> str:
    return Path(name).suffix.lower().lstrip(".")


def _unreadable(path: Path, error: OSError) -> UnreadableFile:
    shown = os.fsencode(path).decode("utf-8", "backslashreplace")
    return UnreadableFile(shown, f"cannot be read: {error.strerror}")
