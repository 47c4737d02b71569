"""Scenarist closed captions (.scc, CEA-608), by ttconv."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from indexer.media.subtitles.quiet import quiet
from indexer.media.subtitles.track import NotUnderstood, Track, with_ends
from indexer.media.subtitles.ttml import paragraphs
from model.sentences import Cue

_RATE_HZ = 30_000 / 1001
"""Of line 21 of NTSC: two bytes a frame."""
_LINE = re.compile(
    r"\s{0,9}(\d{1,2}):(\d\d):(\d\d)([:;.,])(\d\d)\s{1,9}([0-9a-fA-F][0-9a-fA-F \t]*)$"
)
_MOST_CHARACTERS = 1_000_000
"""Many hours of captions. ttconv takes seconds of computing for as much."""
_SHOW = "942f"
"""End of caption: what was loaded is shown."""
_ENOUGH_LINES = 15
"""By chance no frame number of so many is above 23 once in 30 times, of 50 once in 70,000."""


@dataclass(frozen=True)
class _Line:
    start_s: float
    codes: list[str]

    def sent_s(self) -> float:
        """When the last code has been sent."""
        return self.start_s + len(self.codes) / _RATE_HZ


def is_scc(head: str) -> bool:
    """Whether `head`, the first characters of a file, begins as SCC."""
    return head.lstrip().startswith("Scenarist_SCC")


def read_scc(text: str, fps: float | None) -> Track:
    """`fps` are the video's frames a second: files for films at 24 or 25 often count those.

    Codes are sent one a frame from the line's time on, so that a caption is shown when its last
    ones have arrived. In many files the times are those of showing instead; it is told by lines
    that could not have been sent before the next begins.
    """
    if len(text) > _MOST_CHARACTERS:
        raise NotUnderstood(f"it is longer than {_MOST_CHARACTERS:,} characters")
    lines = list(_lines(text, fps))
    for_showing = any(
        a.sent_s() - b.start_s > len(a.codes) / _RATE_HZ / 2 for a, b in pairwise(lines)
    )
    return Track(_captions(lines, for_showing=for_showing))


def _lines(text: str, fps: float | None) -> Iterator[_Line]:
    found = [match.groups() for match in map(_LINE.match, text.split("\n")) if match]
    rate = round(fps) if fps and len(found) >= _ENOUGH_LINES else 30
    by_video = fps if rate < 30 and all(int(frames) < rate for *_, frames, _ in found) else None
    if by_video is None:
        rate = 30
    for hours, minutes, seconds, separator, frames, codes in found:
        minute = int(hours) * 60 + int(minutes)
        count = (minute * 60 + int(seconds)) * rate + int(frames)
        if by_video is None and separator in ";,":  # two numbers are left out in 9 of 10 minutes
            count -= 2 * (minute - minute // 10)
        yield _Line(count / (by_video or _RATE_HZ), codes.lower().split())


def _captions(lines: list[_Line], *, for_showing: bool) -> tuple[Cue, ...]:
    with quiet("ttconv"):
        from ttconv.scc.reader import to_model

        body = to_model("\n".join(_written(line, for_showing) for line in lines)).get_body()
    cues = sorted((cue for _, cue in paragraphs(body)), key=lambda cue: cue.start_s)
    return with_ends(cues)


def _written(line: _Line, for_showing: bool) -> str:
    """The line with a time that makes ttconv show its caption when it is to be shown."""
    frame = round(line.start_s * _RATE_HZ)
    if for_showing and _SHOW in line.codes:
        frame = max(0, frame - line.codes.index(_SHOW))
    seconds, frames = divmod(frame, 30)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}:{frames:02}\t{' '.join(line.codes)}"
