"""Subtitle files beside a video: `name.srt`, `name.en.vtt` and the like."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import UnreadableFile
from model.sentences import Cue

if TYPE_CHECKING:
    from pysubs2 import SSAFile

FORMATS = (".srt", ".vtt", ".ass", ".ssa", ".ttml", ".dfxp", ".sbv", ".smi", ".sami", ".sub")
"""By preference. Transcripts without times (.txt) and binary formats are none of them."""
ENGLISH = frozenset({"en", "eng", "english"})
OF_NO_LANGUAGE = frozenset({"auto", "cc", "default", "hi", "sdh"})
MOST_BYTES = 20_000_000


def sidecars(video: Path, names: list[str]) -> list[Path]:
    """The subtitle files of `video` among the `names` in its folder, best first.

    Those that are said to be English come before those that do not say; other languages are left
    out, the text model reads none of them.
    """
    found = []
    for name in names:
        place = Path(name)
        if place.suffix.lower() in FORMATS and (rank := _rank(place.stem, video.stem)) is not None:
            found.append((rank, FORMATS.index(place.suffix.lower()), name))
    return [video.parent / name for *_, name in sorted(found)]


def _rank(stem: str, video: str) -> int | None:
    """0 for English, 1 for a file that names no language, None for another video's or language."""
    if stem == video:
        return 1
    if not stem.startswith(f"{video}."):
        return None
    tags = {tag.lower() for tag in stem[len(video) + 1 :].split(".")}
    if any(tag.replace("_", "-").split("-")[0] in ENGLISH for tag in tags):
        return 0
    return 1 if tags <= OF_NO_LANGUAGE else None


def read_cues(path: Path, fps: float | None = None) -> list[Cue]:
    """What a subtitle file shows, and when. Raises UnreadableFile.

    `fps` are the video's frames per second, for formats that count frames.
    """
    text = _text(path)
    try:
        events = _parse(text, fps)
    except Exception as error:  # whatever a damaged file leads the parser to
        raise _unusable(
            path, f"not understood as subtitles ({error or type(error).__name__})"
        ) from error
    cues = [
        Cue(event.start / 1000, event.end / 1000, event.text)
        for event in events
        if event.is_text and event.end >= event.start
    ]
    if not cues:
        raise _unusable(path, "it holds no subtitle")
    return cues


def _parse(text: str, fps: float | None) -> SSAFile:
    from pysubs2 import SSAFile
    from pysubs2.exceptions import UnknownFPSError

    try:
        return SSAFile.from_string(text)
    except UnknownFPSError:  # else the file itself says
        return SSAFile.from_string(text, fps=fps)


def _text(path: Path) -> str:
    """UTF-8 or UTF-16, else Windows' Western European, as old subtitles are."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _unusable(path, f"larger than {MOST_BYTES:,} bytes")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(path, f"cannot be read: {error.strerror}") from error
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    if b"\0" in content:
        raise _unusable(path, "it is no text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _unusable(path: Path, reason: str) -> UnreadableFile:
    return UnreadableFile(path, reason, "Convert it to .srt, or take it away.")
