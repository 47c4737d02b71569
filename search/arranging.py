"""A ranking as it is wanted: as it is, each video once, or varied."""

from __future__ import annotations

from dataclasses import replace

from indexer.store.library import Library
from search.diversity import diversify
from search.examples import vectors_at
from search.fusion import Candidate
from search.ranking import Ranking
from search.request import Request

VARIED = 100
"""The best moments, of which varied ones are chosen; after them all comes as it is."""


def arranged(library: Library, ranking: Ranking, request: Request, count: int) -> list[Candidate]:
    """The first `count` of a request's answer, or more, or all that there are."""
    if request.by_video:
        return _by_video(ranking, count)
    if request.diversity > 0:
        return _varied(library, ranking, request.diversity, count)
    return ranking.first(count)


def _by_video(ranking: Ranking, count: int) -> list[Candidate]:
    """The best moment of each video, with the others in its `more`."""
    found = ranking.until(lambda so_far: len({one.video_id for one in so_far}) >= count)
    groups: dict[int, list[Candidate]] = {}
    for one in found:
        groups.setdefault(one.video_id, []).append(one)
    return [replace(best, more=others) for best, *others in groups.values()]


def _varied(library: Library, ranking: Ranking, diversity: float, count: int) -> list[Candidate]:
    found = ranking.first(max(count, VARIED))
    pool = found[:VARIED]
    vectors = vectors_at(library, [(one.video_id, one.middle_s) for one in pool])
    order = diversify([one.score for one in pool], vectors, len(pool), diversity)
    return [pool[i] for i in order] + found[VARIED:]
