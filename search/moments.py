"""From clips to moments: neighbouring clips that all answer the query are one moment."""

from __future__ import annotations

from collections.abc import Iterable
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


def merge(clips: Clips, scores: NDArray[np.floating], least: float = -np.inf) -> list[Span]:
    """Spans of all videos, best first; spans of one video do not overlap.

    `scores` (N,) are those of the N clips, each of which is there once. A span grows from the best
    clip left over its neighbours on both sides; what overlaps it and did not join is weaker
    evidence of the same stretch, and is dropped. Spans that score less than `least` are left out.
    """
    order = np.lexsort((clips["position"], clips["video_id"]))
    line = _Line.of(clips[order], scores[order])
    taken: dict[int, list[tuple[float, float]]] = {}
    spans = []
    for best in line.best_first(least):
        others = taken.setdefault(line.videos[best], [])
        alone = line.starts_s[best], line.ends_s[best]
        if not _is_free(*alone, others):
            continue
        grown = line.grown(best)
        if grown != alone and not _is_free(*grown, others):
            grown = alone  # it grew into one that is there already
        others.append(grown)
        spans.append(Span(line.videos[best], *grown, line.scores[best]))
    return sorted(spans, key=lambda span: (-span.score, span.video_id, span.start_s))


@dataclass(frozen=True)
class _Line:
    """Clips by video and position: as lists, which single numbers are faster read of."""

    videos: list[int]
    starts_s: list[float]
    ends_s: list[float]
    scores: list[float]
    follows: list[bool]
    """Whether each is the neighbour of the one before; one more, for the end."""

    @classmethod
    def of(cls, clips: Clips, scores: NDArray[np.floating]) -> _Line:
        videos, positions = clips["video_id"], clips["position"]
        follows = np.zeros(len(clips) + 1, np.bool_)
        follows[1:-1] = (np.diff(videos) == 0) & (np.diff(positions) == 1)
        times = clips["start_s"].tolist(), clips["end_s"].tolist()
        return cls(videos.tolist(), *times, scores.tolist(), follows.tolist())

    def best_first(self, least: float) -> list[int]:
        """The places of what scores at least so much; of equals the first."""
        scores = np.array(self.scores)
        order = np.argsort(-scores, kind="stable")
        return order[scores[order] >= least].tolist()

    def grown(self, best: int) -> tuple[float, float]:
        """Start and end of the run around a clip whose scores are near its own."""
        enough = self.scores[best] - (1 - NEIGHBOUR_SHARE) * abs(self.scores[best])
        first = last = best
        while self.follows[first] and self.scores[first - 1] >= enough:
            first -= 1
        while self.follows[last + 1] and self.scores[last + 1] >= enough:
            last += 1
        return self.starts_s[first], self.ends_s[last]


def _is_free(start_s: float, end_s: float, taken: Iterable[tuple[float, float]]) -> bool:
    return all(end_s <= first_s or last_s <= start_s for first_s, last_s in taken)
