"""Several clauses at once."""

from __future__ import annotations

import pytest

from search.fusion import Candidate
from search.together import MISSING, NEAR_S, together


def said(start_s: float, end_s: float, strength: float, video: int = 1) -> Candidate:
    return Candidate(video, start_s, end_s, {"speech": strength})


def shown(start_s: float, end_s: float, strength: float, video: int = 1) -> Candidate:
    return Candidate(video, start_s, end_s, {"picture": strength})


def test_one_clause_stays_as_it_is():
    found = [said(3, 5, 0.9), said(0, 2, 0.5)]
    assert together([found]) == found


def test_what_is_said_while_something_is_shown_is_one_moment_where_both_are():
    [both] = together([[shown(10, 19, 0.8)], [said(15, 22, 0.5)]])
    assert (both.start_s, both.end_s) == (15, 19)
    assert both.score == pytest.approx(0.4)
    assert both.strengths == {"picture": 0.8, "speech": 0.5}
    assert sum(both.shares.values()) == pytest.approx(both.score)


def test_stretches_that_only_nearly_meet_are_covered_whole():
    [both] = together([[shown(10, 12, 0.8)], [said(12 + NEAR_S - 1, 20, 0.5)]])
    assert (both.start_s, both.end_s) == (10, 20)


def test_what_lacks_a_clause_comes_after_what_has_all():
    clauses = [[shown(0, 9, 0.9), shown(50, 59, 0.5)], [said(52, 56, 0.5)]]
    first, second = together(clauses)
    assert (first.start_s, first.score) == (52, pytest.approx(0.25))
    assert (second.start_s, second.score) == (0, pytest.approx(0.9 * MISSING))


def test_clauses_meet_within_one_video_only():
    found = together([[shown(0, 9, 0.9, video=1)], [said(0, 9, 0.9, video=2)]])
    assert [one.score for one in found] == [pytest.approx(0.9 * MISSING)] * 2


def test_the_best_of_several_that_are_near_is_taken():
    [best, *_] = together([[shown(0, 9, 0.9)], [said(1, 3, 0.2), said(5, 7, 0.8)]])
    assert (best.start_s, best.end_s) == (5, 7)
    assert best.score == pytest.approx(0.72)


def test_moments_of_one_video_do_not_overlap():
    clauses = [
        [shown(start, start + 9, 0.1 + start / 100) for start in range(0, 60, 3)],
        [said(start, start + 4, 0.2 + start / 90) for start in range(0, 60, 4)],
    ]
    found = together(clauses)
    assert len(found) > 3
    for i, one in enumerate(found):
        assert all(o.end_s <= one.start_s or one.end_s <= o.start_s for o in found[i + 1 :])


def test_nothing_comes_of_nothing():
    assert together([[], []]) == []
