"""From clips to moments: neighbouring clips that all answer the query are one moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.store.clip_rows import Clips

NEIGHBOUR_SHARE = 0.9
"""A neighbour joins a moment when it scores at least this share of the moment's best clip."""


@dataclass(frozen=True)
class Span:
    """A stretch of a video: its best clip's score, and what it covers in seconds."""

    video_id: int
    start_s: float
    end_s: float
    score: float


def merge(clips: Clips, scores: NDArray[np.floating]) -> Iterator[Span]:
    """Spans of all videos, best first, then by video and time; those of one video do not overlap.

    `scores` (N,) are those of the N clips, each of which is there once. A span grows from the best
    clip left over its neighbours on both sides; what overlaps it and did not join is weaker
    evidence of the same stretch, and is dropped. Each is made when it is asked for.
    """
    order = np.lexsort((clips["position"], clips["video_id"]))
    clips, scores = clips[order], scores[order]
    line = _Line.of(clips, scores)
    for best in np.argsort(-scores, kind="stable").tolist():
        if not line.covered[best]:
            span = line.span(best)
            line.cover(best, span)
            yield span


@dataclass
class _Line:
    """Clips by video and time: as lists, of which single numbers are faster read."""

    videos: list[int]
    starts_s: list[float]
    ends_s: list[float]
    scores: list[float]
    follows: list[bool]
    """Whether each is the neighbour of the one before; one more, for the end."""
    covered: list[bool]
    """Whether each overlaps a span."""
    spans: dict[int, list[Span]]
    """By video."""

    @classmethod
    def of(cls, clips: Clips, scores: NDArray[np.floating]) -> _Line:
        videos, positions = clips["video_id"], clips["position"]
        follows = np.zeros(len(clips) + 1, np.bool_)
        follows[1:-1] = (np.diff(videos) == 0) & (np.diff(positions) == 1)
        times = clips["start_s"].tolist(), clips["end_s"].tolist()
        covered = [False] * len(clips)
        return cls(videos.tolist(), *times, scores.tolist(), follows.tolist(), covered, {})

    def span(self, best: int) -> Span:
        """The run around a clip whose scores are near its own."""
        enough = self.scores[best] - (1 - NEIGHBOUR_SHARE) * abs(self.scores[best])
        first = last = best
        while self.follows[first] and self.scores[first - 1] >= enough:
            first -= 1
        while self.follows[last + 1] and self.scores[last + 1] >= enough:
            last += 1
        video, score = self.videos[best], self.scores[best]
        grown = Span(video, self.starts_s[first], self.ends_s[last], score)
        if first != last and any(_overlap(grown, one) for one in self.spans.get(video, ())):
            # it grew into one that is there already: keep to the best clip itself
            return Span(video, self.starts_s[best], self.ends_s[best], score)
        return grown

    def cover(self, best: int, span: Span) -> None:
        """Note that a span was made around a clip."""
        self.spans.setdefault(span.video_id, []).append(span)
        for step, place in ((-1, best), (1, best + 1)):
            while 0 <= place < len(self.videos) and self._lies_in(span, place):
                self.covered[place] = True
                place += step

    def _lies_in(self, span: Span, place: int) -> bool:
        """Whether a clip overlaps a span."""
        return (
            self.videos[place] == span.video_id
            and self.starts_s[place] < span.end_s
            and span.start_s < self.ends_s[place]
        )


def _overlap(a: Span, b: Span) -> bool:
    return a.start_s < b.end_s and b.start_s < a.end_s
