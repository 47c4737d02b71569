"""Searches with clips whose parts are known, and compares."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.aligned_clips import Cut, TruePart, joined, write_parts
from benchmarks.table import Row
from indexer.store.library import Library
from model.encoder import Encoder
from search.aligned_part import AlignedPart
from search.answers import Answers
from search.background import Background
from search.clip_reading import ClipReading, read_query_clip
from search.pictures import PictureSearch
from search.question import Question
from search.request import Request
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
    """Of reading each clip, decoding and encoding, and of the search after it."""

    search_s: list[float] = field(default_factory=list)
    reading_s: list[float] = field(default_factory=list)

    def rows(self) -> list[Row]:
        return [
            Row("search, median", float(np.median(self.search_s)) * 1000, "ms"),
            Row("reading a clip, median", float(np.median(self.reading_s)) * 1000, "ms"),
        ]


class Trial:
    """Makes clips, searches with them, and compares."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self._library = library
        self._encoder = encoder
        self._answers = Answers(library, encoder, None)
        background = Background(encoder, library.paths.background)
        self._pictures = PictureSearch(library, None, background)
        self.times = Times()

    def tally(self, folder: Path, clips: Iterable[Sequence[Cut]], work: Path) -> Tally:
        """What is found of clips made of these cuts of the videos in `folder`.

        `work` is the file that clips are written to.
        """
        tally = Tally()
        for cuts in clips:
            parts = joined(cuts)
            reading = self._read(write_parts(folder, parts, work))
            self._compare(parts, self._moments(reading), self._pooled(reading), tally)
        return tally

    def is_copied(self, path: Path) -> bool:
        """Whether a part of a clip is said to be a copy."""
        return any(map(_is_copy, self._moments(self._read(path))))

    def _compare(
        self, parts: Sequence[TruePart], moments: Sequence[Moment], pooled: set[str], tally: Tally
    ) -> None:
        for part in parts:
            tally.parts += 1
            tally.seen += any(_name(moment) == part.video for moment in moments)
            tally.pooled += part.video in pooled
            if (found := _found(part, moments)) is not None:
                tally.errors_s.append(abs(found.start_s - found.clip_start_s - part.offset_s))
                tally.shares.append(_iou(found, part))
        shown = {part.video for part in parts}
        tally.wrong += sum(_is_copy(one) and _name(one) not in shown for one in moments)

    def _read(self, path: Path) -> ClipReading:
        started_s = time.perf_counter()
        reading = read_query_clip(path, self._encoder)
        self.times.reading_s.append(time.perf_counter() - started_s)
        return reading

    def _moments(self, reading: ClipReading) -> Sequence[Moment]:
        request = Request(Question("", ()), clips=(reading,))
        started_s = time.perf_counter()
        moments = self._answers.page(request, RESULTS).moments
        self.times.search_s.append(time.perf_counter() - started_s)
        return moments

    def _pooled(self, reading: ClipReading) -> set[str]:
        """Files of the first moments by the clip's mean vector."""
        spans = self._pictures.spans(reading.vector, RESULTS)
        videos = self._library.catalog.videos({span.video_id for span in spans})
        return {Path(video.path).name for video in videos.values()}


def _is_copy(moment: Moment) -> bool:
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
