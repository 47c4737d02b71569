"""Reads a subtitle file, whatever its format, its encoding and its name."""

from __future__ import annotations

import math
from pathlib import Path

from indexer.errors import UnreadableFile
from indexer.media.language_names import language_called
from indexer.media.reading import Transcript
from indexer.media.subtitle_names import language_of_name
from indexer.media.subtitles.cue_text import shown_text
from indexer.media.subtitles.formats import parse
from indexer.media.subtitles.track import Track
from model.sentences import Cue, said_once

MOST_BYTES = 10_000_000
MOST_CUES = 200_000
MOST_CHARACTERS = 10_000
"""Of one cue; what shows more at once is no subtitle."""


def read_subtitles(path: Path, fps: float | None = None) -> Transcript:
    """What a subtitle file says, each word once, and when. Raises UnreadableFile.

    `fps` are the video's frames per second, for formats that count frames. The language is what
    the file's name says, else what the file does; of a file in several, the one with most cues.
    """
    content = _content(path)
    try:
        track = parse(content, fps)
        cues = transcript_cues(track)
    except Exception as error:  # whatever a damaged file leads a parser to
        reason = f"not understood as subtitles ({error or type(error).__name__})"
        raise _unusable(path, reason[:300]) from error
    if not cues:
        raise _unusable(path, "it holds no subtitle")
    language = language_of_name(path.stem) or language_called(track.language)
    return Transcript(cues, language, source="file", name=path.name)


def transcript_cues(track: Track) -> tuple[Cue, ...]:
    """Cues by start, without markup, none empty, each word said once, times in whole milliseconds.

    Raises ValueError for what is no subtitle.
    """
    if len(track.cues) > MOST_CUES:
        raise ValueError(f"it holds {len(track.cues):,} cues")
    cues = []
    for cue in track.cues:
        text = shown_text(cue.text)
        if len(text) > MOST_CHARACTERS:
            raise ValueError(f"a cue has {len(text):,} characters")
        if not (math.isfinite(cue.start_s) and math.isfinite(cue.end_s)):
            raise ValueError("a time is no number")
        if text and cue.end_s >= 0:
            start_s, end_s = max(round(cue.start_s, 3), 0.0), round(cue.end_s, 3)
            cues.append(Cue(start_s, max(end_s, start_s), text))
    return tuple(said_once(cues))


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():
            path.stat()  # says why, if it can
            raise _unusable(path, "it is no regular file")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile(path, f"cannot be read: {reason}") from error
    if len(content) > MOST_BYTES:
        raise _unusable(path, f"larger than {MOST_BYTES:,} bytes")
    return content


def _unusable(path: Path, reason: str) -> UnreadableFile:
    return UnreadableFile(path, reason, "Convert it to .srt, or take it away.")
