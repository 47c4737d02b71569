"""SRT, WebVTT, SBV and SubViewer: a line of times, then lines of text.

Not left to pysubs2: it takes WebVTT's notes, styles and cue names for text, and a last line that
is a number for a counter; runs of blank lines cost it the square of their length.
"""

from __future__ import annotations

import re

from indexer.media.subtitles.track import Track
from model.sentences import Cue

_TIME = r"(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?"
_ARROW = re.compile(rf"\s{{0,9}}{_TIME}\s{{0,9}}--?>\s{{0,9}}{_TIME}(?!\d)")
_COMMA = re.compile(rf"\s{{0,9}}{_TIME}\s{{0,9}},\s{{0,9}}{_TIME}\s{{0,9}}$")
_LANGUAGE = re.compile(r"(?mi)^language:[ \t]*([\w-]{2,35})")


def is_vtt(head: str) -> bool:
    """Whether `head`, the first characters of a file, begins as WebVTT."""
    return head.startswith("WEBVTT")


def is_srt(head: str) -> bool:
    """Whether `head` has a line of times with an arrow in it."""
    return any(map(_ARROW.match, head.split("\n")))


def is_sbv(head: str) -> bool:
    """Whether `head` has a line of two times, as SBV and SubViewer do."""
    return any(map(_COMMA.match, head.split("\n")))


def read_vtt(text: str, fps: float | None) -> Track:
    """Cues end at an empty line: what stands outside of them is notes, styles and names."""
    header = text[:1000].split("\n\n", 1)[0]
    said = _LANGUAGE.search(header)
    return Track(_cues(text, _ARROW, strict=True), said[1] if said else "")


def read_srt(text: str, fps: float | None) -> Track:
    """Text may hold blank lines; the line before the times is a counter if a blank one is before
    it, even if a translator put it into words."""
    return Track(_cues(text, _ARROW, strict=False))


def read_sbv(text: str, fps: float | None) -> Track:
    """The times are joined by a comma, lines of text by [br]."""
    return Track(_cues(text.replace("[br]", "\n"), _COMMA, strict=False))


def _cues(text: str, times: re.Pattern[str], *, strict: bool) -> tuple[Cue, ...]:
    cues: list[tuple[float, float, list[str]]] = []
    inside = False
    for line in text.split("\n"):
        if found := times.match(line):
            if inside and not strict:
                _drop_counter(cues[-1][2])
            cues.append((_seconds(*found.groups()[:4]), _seconds(*found.groups()[4:]), []))
            inside = True
        elif strict and not line:
            inside = False
        elif inside:
            cues[-1][2].append(line)
    if cues and inside and not strict and cues[-1][2][-1:] != [""] and _is_number(cues[-1][2]):
        cues[-1][2].pop()
    return tuple(Cue(start, end, "\n".join(lines)) for start, end, lines in cues)


def _drop_counter(lines: list[str]) -> None:
    """Take off what counts the next cue."""
    named = len(lines) > 1 and lines[-1].strip() and not lines[-2].strip()
    if named or (lines and lines[-1].strip().isdecimal()):
        lines.pop()


def _is_number(lines: list[str]) -> bool:
    """Whether a file that breaks off ends in the counter of a cue that is missing."""
    return len(lines) > 1 and not lines[-2].strip() and lines[-1].strip().isdecimal()


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction or 0}")
