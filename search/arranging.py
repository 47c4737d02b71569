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
    varied = request.diversity > 0
    known = max(count, VARIED) if varied else count
    found = _by_video(ranking, known) if request.by_video else ranking.first(known)
    return _varied(library, found, request.diversity) if varied else found


def _by_video(ranking: Ranking, count: int) -> list[Candidate]:
    """The best moment of each video, with the others in its `more`."""
    found = ranking.until(lambda so_far: len({one.video_id for one in so_far}) >= count)
    groups: dict[int, list[Candidate]] = {}
    for one in found:
        groups.setdefault(one.video_id, []).append(one)
    return [replace(best, more=others) for best, *others in groups.values()]


def _varied(library: Library, found: list[Candidate], diversity: float) -> list[Candidate]:
    pool = found[:VARIED]
    vectors = vectors_at(library, [(one.video_id, one.middle_s) for one in pool])
    order = diversify([one.score for one in pool], vectors, len(pool), diversity)
    return [pool[i] for i in order] + found[VARIED:]
