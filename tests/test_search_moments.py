"""Clips become moments: neighbours that answer alike are one, and nothing overlaps."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.store.clip_rows import clip_rows
from indexer.store.records import ClipRecord
from search.moments import Span, merge


def merged(*videos: dict[int, float]) -> list[Span]:
    """Of clips of 9 s every 4.5 s, whose scores are given by position, video by video."""
    hits = [(v, p, score) for v, scores in enumerate(videos, 1) for p, score in scores.items()]
    clips = clip_rows(ClipRecord(100 * v + p, v, p, 4.5 * p, 4.5 * p + 9) for v, p, _ in hits)
    return list(merge(clips, np.array([score for _, _, score in hits], np.float64)))


def spans(scores: dict[int, float]) -> list[tuple[float, float, float]]:
    return [(span.start_s, span.end_s, span.score) for span in merged(scores)]


def test_a_single_clip_is_a_moment():
    assert spans({2: 0.5}) == [(9.0, 18.0, 0.5)]


def test_neighbours_that_score_alike_are_one_moment():
    assert spans({0: 0.48, 1: 0.5, 2: 0.46}) == [(0.0, 18.0, 0.5)]


def test_a_neighbour_that_scores_less_is_not_part_of_it_nor_a_moment_of_its_own():
    assert spans({0: 0.5, 1: 0.4}) == [(0.0, 9.0, 0.5)]


def test_moments_of_one_video_that_lie_apart_stay_apart():
    assert spans({0: 0.5, 4: 0.49}) == [(0.0, 9.0, 0.5), (18.0, 27.0, 0.49)]


def test_videos_are_never_joined():
    found = merged({0: 0.5}, {1: 0.5})
    assert [(span.video_id, span.start_s) for span in found] == [(1, 0.0), (2, 4.5)]


def test_negative_scores_still_make_moments():
    assert spans({0: -0.2, 1: -0.5}) == [(0.0, 9.0, -0.2)]


def test_nothing_makes_nothing():
    assert merged() == []


@given(st.dictionaries(st.integers(0, 40), st.floats(-1, 1, allow_nan=False), max_size=30))
def test_moments_are_ordered_disjoint_and_lose_no_peak(scores: dict[int, float]):
    found = merged(scores)
    assert [span.score for span in found] == sorted((s.score for s in found), reverse=True)
    in_time = sorted(found, key=lambda span: span.start_s)
    assert all(a.end_s <= b.start_s for a, b in pairwise(in_time))
    if scores:
        assert found[0].score == max(scores.values())


SCORES = st.dictionaries(st.integers(0, 40), st.floats(-1, 1, allow_nan=False), max_size=30)


@given(SCORES, SCORES)
def test_moments_of_several_videos_are_those_of_each_in_one_order(
    one: dict[int, float], other: dict[int, float]
):
    each = [*merged(one), *(replace(span, video_id=2) for span in merged(other))]
    expected = sorted(each, key=lambda span: (-span.score, span.video_id, span.start_s))
    assert merged(one, other) == expected
