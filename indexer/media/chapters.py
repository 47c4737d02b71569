"""Chapters: where parts of a video begin, and what they are called."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from indexer.media.wording import one_line
from model.sentences import Cue

if TYPE_CHECKING:
    from av.container import InputContainer

MOST_CHAPTERS = 1000
MOST_CHARACTERS = 200
"""Of a title."""
_US = 1_000_000


def container_chapters(container: InputContainer) -> tuple[Cue, ...]:
    """The chapters of an opened file that have a title, see `ordered_chapters`."""
    origin_s = (container.start_time or 0) / _US
    return ordered_chapters(
        Cue(
            float(chapter["start"] * chapter["time_base"]) - origin_s,
            float(chapter["end"] * chapter["time_base"]) - origin_s,
            chapter["metadata"].get("title", ""),
        )
        for chapter in islice(container.chapters(), MOST_CHAPTERS)
        if chapter["time_base"]
    )


def ordered_chapters(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """Up to `MOST_CHAPTERS` with a title, by start; times in seconds of the presentation, >= 0.

    Each ends where the next begins, unless it names an end before. The last of which none is known
    ends where it starts.
    """
    usable = [
        Cue(max(0.0, cue.start_s), cue.end_s, title)
        for cue in islice(cues, MOST_CHAPTERS)
        if math.isfinite(cue.start_s) and (title := one_line(cue.text, MOST_CHARACTERS))
    ]
    usable.sort(key=lambda cue: cue.start_s)
    nexts = [*(cue.start_s for cue in usable[1:]), math.inf]
    return tuple(
        Cue(cue.start_s, _end_s(cue, next_s), cue.text)
        for cue, next_s in zip(usable, nexts, strict=False)
    )


def _end_s(cue: Cue, next_s: float) -> float:
    if cue.start_s < cue.end_s <= next_s and math.isfinite(cue.end_s):
        return cue.end_s
    return next_s if math.isfinite(next_s) else cue.start_s
