"""Several clauses at once: what is said while something is shown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from search.apart import apart
from search.fusion import Candidate, best_first

NEAR_S = 5.0
"""Who speaks of a thing shows it a little earlier or later."""
MISSING = 0.02
"""What a moment keeps of its certainty for each clause that nothing there answers."""
LEAST_S = 1.0
"""What is common to two stretches is shorter by chance; then both of them are the moment."""


def together(found: Sequence[Sequence[Candidate]]) -> list[Candidate]:
    """Moments that answer all clauses, whose candidates are given clause by clause; best first.

    The certainty is the product of the clauses' own. Those of one video do not overlap.
    """
    if len(found) == 1:
        return list(found[0])
    by_video = [_by_video(candidates) for candidates in found]
    videos = {video for clause in by_video for video in clause}
    joined = (
        one for video in videos for one in _joined([clause.get(video, []) for clause in by_video])
    )
    return apart(best_first(joined))


def _joined(clauses: Sequence[Sequence[Candidate]]) -> Iterator[Candidate]:
    """Of one video: around each candidate the best of every other clause."""
    for place, candidates in enumerate(clauses):
        for anchor in candidates:
            yield _join(
                [anchor if i == place else _nearest(anchor, c) for i, c in enumerate(clauses)]
            )


def _nearest(anchor: Candidate, others: Iterable[Candidate]) -> Candidate | None:
    """The best that is there at about the same time."""
    near = (
        one
        for one in others
        if one.start_s < anchor.end_s + NEAR_S and anchor.start_s < one.end_s + NEAR_S
    )
    return max(near, key=lambda one: one.score, default=None)


def _join(parts: Sequence[Candidate | None]) -> Candidate:
    there = [part for part in parts if part is not None]
    start_s, end_s = _common(there)
    return Candidate(
        video_id=there[0].video_id,
        start_s=start_s,
        end_s=end_s,
        strengths=strongest(there),
        matches=[match for part in there for match in part.matches],
        by_words=any(part.by_words for part in there),
        certainty=math.prod(MISSING if part is None else part.score for part in parts),
    )


def strongest(parts: Iterable[Candidate]) -> dict[str, float]:
    """Channel -> the strongest of all."""
    strengths: dict[str, float] = {}
    for part in parts:
        for channel, strength in part.strengths.items():
            strengths[channel] = max(strength, strengths.get(channel, 0.0))
    return strengths


def _common(parts: Sequence[Candidate]) -> tuple[float, float]:
    """When all of them are there; from the first to the last where that is no time at all."""
    start_s, end_s = max(p.start_s for p in parts), min(p.end_s for p in parts)
    if end_s - start_s >= LEAST_S:
        return start_s, end_s
    return min(p.start_s for p in parts), max(p.end_s for p in parts)


def _by_video(candidates: Iterable[Candidate]) -> dict[int, list[Candidate]]:
    found: dict[int, list[Candidate]] = {}
    for one in candidates:
        found.setdefault(one.video_id, []).append(one)
    return found
