"""Searches with clips whose parts are known, and compares."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.aligned_clips import Cut, TruePart, joined, write_parts
from benchmarks.table import Row
from search.aligned_part import AlignedPart
from search.clip_reading import read_query_clip
from search.engine import SearchEngine
from search.pictures import PictureSearch
from search.results import Moment

RESULTS = 10


@dataclass
class Tally:
    """What was found of the parts of some clips."""

    parts: int = 0
    errors_s: list[float] = field(default_factory=list)
    """Of the offset, of each part that was found."""
    shares: list[float] = field(default_factory=list)
    """Intersection over union with the true seconds of the video."""
    seen: int = 0
    pooled: int = 0
    """Parts whose video is among the results, and among those of the clip's mean vector."""
    wrong: int = 0
    """Copies in videos that the clip has nothing of."""

    def rows(self, name: str) -> list[Row]:
        of, found = f"of {self.parts}", len(self.errors_s)
        return [
            Row(f"{name}: found", found / self.parts, remark=f"{found} {of}"),
            Row(f"{name}: offset, median error", float(np.median(self.errors_s)), "s"),
            Row(f"{name}: offset, p95 of the error", float(np.quantile(self.errors_s, 0.95)), "s"),
            Row(f"{name}: IoU of the stretch, median", float(np.median(self.shares))),
            Row(f"{name}: video in the first {RESULTS}", self.seen / self.parts, remark=of),
            Row(f"{name}: the same by the mean", self.pooled / self.parts, remark=of),
            Row(f"{name}: copies in other videos", self.wrong),
        ]


@dataclass
class Times:
    """Of each search, and of reading the clip alone: decoding and encoding."""

    search_s: list[float] = field(default_factory=list)
    reading_s: list[float] = field(default_factory=list)

    def rows(self) -> list[Row]:
        return [
            Row("search with a clip, median", float(np.median(self.search_s)) * 1000, "ms"),
            Row("reading it alone, median", float(np.median(self.reading_s)) * 1000, "ms"),
        ]


class Trial:
    """Makes clips, searches with them, and compares."""

    def __init__(
        self, engine: SearchEngine, pictures: PictureSearch, folder: Path, work: Path
    ) -> None:
        """`folder` is where the videos are, `work` the file that clips are written to."""
        self._engine = engine
        self._pictures = pictures
        self._folder = folder
        self._work = work
        self.times = Times()

    def tally(self, clips: Iterable[Sequence[Cut]]) -> Tally:
        """What is found of clips made of these cuts."""
        tally = Tally()
        for cuts in clips:
            parts = joined(cuts)
            write_parts(self._folder, parts, self._work)
            self._compare(parts, tally)
        return tally

    def _compare(self, parts: Sequence[TruePart], tally: Tally) -> None:
        moments = self._searched()
        pooled = self._pooled()
        for part in parts:
            tally.parts += 1
            tally.seen += any(_name(moment) == part.video for moment in moments)
            tally.pooled += part.video in pooled
            if (found := _found(part, moments)) is not None:
                tally.errors_s.append(abs(found.start_s - found.clip_start_s - part.offset_s))
                tally.shares.append(_iou(found, part))
        shown = {part.video for part in parts}
        tally.wrong += sum(is_copy(one) and _name(one) not in shown for one in moments)

    def _searched(self) -> Sequence[Moment]:
        started_s = time.perf_counter()
        moments = self._engine.search_clip(self._work, RESULTS).moments
        self.times.search_s.append(time.perf_counter() - started_s)
        return moments

    def _pooled(self) -> set[str]:
        """Files of the first moments by the clip's mean vector."""
        started_s = time.perf_counter()
        vector = read_query_clip(self._work, self._engine.encoder).vector
        self.times.reading_s.append(time.perf_counter() - started_s)
        spans = self._pictures.spans(vector, RESULTS)
        return {Path(self._engine.video(span.video_id).path).name for span in spans}


def is_copy(moment: Moment) -> bool:
    """Whether a part of the clip is said to be copied."""
    return any(part.kind == "copy" for part in moment.aligned)


def _found(part: TruePart, moments: Iterable[Moment]) -> AlignedPart | None:
    """The copy that shows most of the part."""
    copies = [
        one
        for moment in moments
        if _name(moment) == part.video
        for one in moment.aligned
        if one.kind == "copy"
    ]
    best = max(copies, key=lambda one: _meeting_s(one, part), default=None)
    return best if best is not None and _meeting_s(best, part) > 0 else None


def _meeting_s(found: AlignedPart, part: TruePart) -> float:
    """Seconds of the clip that both are."""
    return min(found.clip_end_s, part.clip_end_s) - max(found.clip_start_s, part.clip_start_s)


def _iou(found: AlignedPart, part: TruePart) -> float:
    both = min(found.end_s, part.end_s) - max(found.start_s, part.start_s)
    either = max(found.end_s, part.end_s) - min(found.start_s, part.start_s)
    return max(0.0, both) / either


def _name(moment: Moment) -> str:
    return Path(moment.video).name
