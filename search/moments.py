"""From clips to moments: neighbouring clips that all answer the query are one moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.store.records import ClipRecord

NEIGHBOUR_SHARE = 0.9
"""A neighbour joins a moment when it scores at least this share of the moment's best clip."""


@dataclass(frozen=True)
class Hit:
    """A clip and its cosine to the query."""

    clip: ClipRecord
    score: float


@dataclass(frozen=True)
class Span:
    """A stretch of a video: its best clip's score, and what it covers in seconds."""

    video_id: int
    start_s: float
    end_s: float
    score: float


def merge(hits: Iterable[Hit]) -> list[Span]:
    """Spans of all videos, best first; spans of one video do not overlap.

    A span grows from the best clip left over its neighbours on both sides; what overlaps it and
    did not join is weaker evidence of the same stretch, and is dropped.
    """
    by_video: dict[int, dict[int, Hit]] = defaultdict(dict)
    for hit in hits:
        by_video[hit.clip.video_id][hit.clip.position] = hit
    spans = [span for clips in by_video.values() for span in _spans(clips)]
    return sorted(spans, key=lambda span: (-span.score, span.video_id, span.start_s))


def _spans(clips: dict[int, Hit]) -> list[Span]:
    """The spans of one video, whose hits are given by position."""
    spans: list[Span] = []
    for best in sorted(clips.values(), key=lambda hit: (-hit.score, hit.clip.position)):
        if any(_overlap(best.clip, span) for span in spans):
            continue
        first, last = _grow(clips, best)
        span = Span(best.clip.video_id, first.start_s, last.end_s, best.score)
        if not any(_overlap(span, other) for other in spans):
            spans.append(span)
        else:  # it grew into one that is there already: keep to the best clip itself
            spans.append(Span(span.video_id, best.clip.start_s, best.clip.end_s, best.score))
    return spans


def _grow(clips: dict[int, Hit], best: Hit) -> tuple[ClipRecord, ClipRecord]:
    """First and last clip of the run around `best` whose scores are near its own."""
    enough = best.score - (1 - NEIGHBOUR_SHARE) * abs(best.score)
    ends = []
    for step in (-1, 1):
        position = best.clip.position
        while (neighbour := clips.get(position + step)) and neighbour.score >= enough:
            position += step
        ends.append(clips[position].clip)
    return ends[0], ends[1]


def _overlap(a: ClipRecord | Span, b: ClipRecord | Span) -> bool:
    return a.start_s < b.end_s and b.start_s < a.end_s
