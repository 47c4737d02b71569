"""What the windows of an uploaded clip resemble: moments, and which part of the clip each is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from indexer.segments import CLIP_STRIDE, TOKEN_S
from indexer.store.clip_rows import clip_rows
from indexer.store.records import ClipRecord
from search.aligned_part import AlignedPart
from search.evidence import PICTURE
from search.fusion import Candidate
from search.moments import NEIGHBOUR_SHARE, Span, merge

_SLACK_S = CLIP_STRIDE * TOKEN_S
"""How far the hits of one part may lie off its diagonal: windows begin so far apart."""


@dataclass(frozen=True)
class WindowHit:
    """A window of the uploaded clip, and a clip of the library that is like it."""

    window: int
    """Its place among the windows."""
    start_s: float
    end_s: float
    clip: ClipRecord
    score: float

    @property
    def offset_s(self) -> float:
        """Where the uploaded clip would begin in the video."""
        return self.clip.start_s - self.start_s


Hits = dict[tuple[int, int], WindowHit]
"""Of one video, by window and position of the clip."""


def similar_moments(hits: Iterable[WindowHit]) -> list[Candidate]:
    """Moments that look like a window of the clip, best first; those of a video do not overlap.

    A moment scores what its best window does, not the mean: one part of a compilation is enough.
    The part of the clip is the diagonal through that window, forward in time, as in temporal Hough
    voting (Douze et al. 2010).
    """
    by_video: dict[int, Hits] = defaultdict(dict)
    best: dict[int, WindowHit] = {}
    for hit in hits:
        by_video[hit.clip.video_id][hit.window, hit.clip.position] = hit
        known = best.get(hit.clip.id)
        if known is None or hit.score > known.score:
            best[hit.clip.id] = hit
    tops: dict[int, list[WindowHit]] = defaultdict(list)
    for hit in best.values():
        tops[hit.clip.video_id].append(hit)
    clips = clip_rows(hit.clip for hit in best.values())
    return [
        _candidate(span, tops[span.video_id], by_video[span.video_id])
        for span in merge(clips, np.array([hit.score for hit in best.values()]))
    ]


def _candidate(
    span: Span, tops: Iterable[WindowHit], hits: Mapping[tuple[int, int], WindowHit]
) -> Candidate:
    inside = [
        hit for hit in tops if span.start_s <= hit.clip.start_s < hit.clip.end_s <= span.end_s
    ]
    top = max(inside, key=lambda hit: (hit.score, -hit.clip.position))
    chained = [top, *_grown(top, span, hits, 1), *_grown(top, span, hits, -1)]
    first = min(chained, key=lambda hit: hit.window)
    last = max(chained, key=lambda hit: hit.window)
    part = AlignedPart(
        first.start_s, last.end_s, first.clip.start_s, last.clip.end_s, 1.0, "similar"
    )
    return Candidate(span.video_id, span.start_s, span.end_s, {PICTURE: span.score}, aligned=[part])


def _grown(
    top: WindowHit, span: Span, hits: Mapping[tuple[int, int], WindowHit], way: int
) -> list[WindowHit]:
    """What continues `top` inside of the span, window by window, later (1) or earlier (-1)."""
    chained: list[WindowHit] = []
    last = top
    while following := [
        hit
        for step in (0, 1, 2)
        if (hit := hits.get((last.window + way, last.clip.position + way * step)))
        and _belongs(hit, top, span)
    ]:
        last = min(following, key=lambda hit: (abs(hit.offset_s - top.offset_s), -hit.score))
        chained.append(last)
    return chained


def _belongs(hit: WindowHit, top: WindowHit, span: Span) -> bool:
    return (
        span.start_s <= hit.clip.start_s < hit.clip.end_s <= span.end_s
        and abs(hit.offset_s - top.offset_s) <= _SLACK_S
        and hit.score >= top.score - (1 - NEIGHBOUR_SHARE) * abs(top.score)
    )
