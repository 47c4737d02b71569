"""EDL (CMX 3600): a cut list that editing programs open, the moments one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import PurePath

from search.exports.one_line import one_line
from search.exports.ranked import ranked
from search.exports.timecode import timecode
from search.results import Moment, SearchResult

MOST_EVENTS = 999
"""Events are numbered with three digits."""
FPS = 25
"""Frames a second that the timecodes count: what editing programs assume if they are not told."""
MOST_FPS = 99
"""Timecodes have two digits for the frame."""
_MOST_TITLE = 70


def edl_text(result: SearchResult, fps: int = FPS) -> str:
    """At most `MOST_EVENTS` events at `fps` frames a second, without drop frames.

    Source timecodes count from the start of the file, whatever timecode it carries. The list
    itself begins at 01:00:00:00. Both rate and what does not fit are said in comments.
    """
    moments = [moment for _, moment in ranked(result)]
    lines = [f"TITLE: {one_line(result.query)[:_MOST_TITLE]}", "FCM: NON-DROP FRAME", ""]
    at = 3600 * fps
    for number, moment in enumerate(islice(moments, MOST_EVENTS), 1):
        event, at = _event(number, moment, at, fps)
        lines += [event, *_comments(moment)]
        if number == 1:  # not before it: some readers take comments of events only
            lines.append(f"* FRAME RATE: {fps} FPS")
    if (left_out := len(moments) - MOST_EVENTS) > 0:
        lines.append(f"* {left_out} MORE LEFT OUT: CMX 3600 HOLDS {MOST_EVENTS} EVENTS")
    return "\n".join(lines) + "\n"


def _event(number: int, moment: Moment, at: int, fps: int) -> tuple[str, int]:
    """The line, and the frame of the list at which the next one begins."""
    first = round(moment.start_s * fps)
    last = max(first + 1, round(moment.end_s * fps))
    end = at + last - first
    times = " ".join(timecode(frames, fps) for frames in (first, last, at, end))
    return f"{number:03}  AX       V     C        {times}", end


def _comments(moment: Moment) -> Iterator[str]:
    yield f"* FROM CLIP NAME: {one_line(PurePath(moment.video).name)}"
    yield f"* SOURCE FILE: {one_line(moment.video)}"
