"""Chains what the windows of an uploaded clip resemble, forward in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.segments import CLIP_STRIDE, TOKEN_S
from indexer.store.records import ClipRecord
from search.aligned_part import AlignedPart
from search.aligned_span import AlignedSpan
from search.moments import NEIGHBOUR_SHARE

_SLACK_S = CLIP_STRIDE * TOKEN_S
"""How far the hits of one chain may lie off its diagonal: windows begin so far apart."""


@dataclass(frozen=True)
class WindowHit:
    """A window of the uploaded clip, and a clip of the library that is like it."""

    start_s: float
    end_s: float
    clip: ClipRecord
    score: float

    @property
    def offset_s(self) -> float:
        """Where the uploaded clip would begin in the video."""
        return self.clip.start_s - self.start_s


def chain(hits: Iterable[WindowHit]) -> list[AlignedSpan]:
    """Each video's best chain, best first; its score is that of its best window.

    Windows vote for the diagonal of the best hit, as in temporal Hough voting (Douze et al. 2010).
    """
    by_video: dict[int, list[WindowHit]] = defaultdict(list)
    for hit in hits:
        by_video[hit.clip.video_id].append(hit)
    spans = [_best(mine) for mine in by_video.values()]
    return sorted(spans, key=lambda span: (-span.score, span.video_id))


def _best(hits: Sequence[WindowHit]) -> AlignedSpan:
    best = max(hits, key=lambda hit: (hit.score, -hit.start_s, -hit.clip.start_s))
    chained = [best]
    for way in (1, -1):
        chained += _grown(best, hits, way)
    first = min(chained, key=lambda hit: hit.start_s)
    last = max(chained, key=lambda hit: hit.start_s)
    part = AlignedPart(
        first.start_s, last.end_s, first.clip.start_s, last.clip.end_s, 1.0, "similar"
    )
    return AlignedSpan(best.clip.video_id, best.score, part)


def _grown(best: WindowHit, hits: Sequence[WindowHit], way: int) -> list[WindowHit]:
    """What continues `best` on one side, later (1) or earlier (-1), without a gap."""
    chained: list[WindowHit] = []
    last = best
    while following := [hit for hit in hits if _follows(hit, last, best, way)]:
        last = min(following, key=lambda hit: (abs(hit.offset_s - best.offset_s), -hit.score))
        chained.append(last)
    return chained


def _follows(hit: WindowHit, last: WindowHit, best: WindowHit, way: int) -> bool:
    return (
        0 < way * (hit.start_s - last.start_s) <= _SLACK_S
        and way * (hit.clip.start_s - last.clip.start_s) >= 0
        and abs(hit.offset_s - best.offset_s) <= _SLACK_S
        and hit.score >= NEIGHBOUR_SHARE * best.score
    )
