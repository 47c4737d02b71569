"""Measures of moments, against figures worked out by hand."""

from __future__ import annotations

import pytest

from search.moment_measures import Place, average_precision_at, hit_at, iou, matched

EXPECTED = Place(1, 10.0, 20.0)


@pytest.mark.parametrize(
    ("start_s", "end_s", "share"),
    [(10, 20, 1), (15, 25, 1 / 3), (12, 18, 0.6), (0, 40, 0.25), (20, 30, 0), (0, 5, 0)],
)
def test_iou_is_what_is_shared_over_what_is_covered(start_s: float, end_s: float, share: float):
    place = Place(1, start_s, end_s)
    assert iou(place, EXPECTED) == iou(EXPECTED, place) == pytest.approx(share)


def test_moments_of_different_videos_share_nothing():
    assert iou(Place(2, 10.0, 20.0), EXPECTED) == 0
    assert iou(Place(None, 10.0, 20.0), Place(None, 10.0, 20.0)) == 0  # not in the library


def test_an_expected_moment_counts_once():
    answers = [[Place(1, 10.0, 19.0)], [Place(1, 10.0, 20.0)]]
    assert matched(answers, [EXPECTED], 0.5) == [True, False]
    assert average_precision_at(answers, [EXPECTED], 0.5) == 1


def test_an_answer_takes_the_moment_that_it_overlaps_most():
    near, best = Place(1, 0.0, 10.0), Place(1, 1.0, 11.0)
    answers = [[Place(1, 1.0, 11.0)], [Place(1, 0.0, 10.0)]]
    assert matched(answers, [near, best], 0.9) == [True, True]


def test_an_answer_that_overlaps_two_takes_one():
    both = [Place(1, 0.0, 10.0), Place(1, 10.0, 20.0)]
    assert average_precision_at([[Place(1, 0.0, 20.0)]], both, 0.5) == 0.5


def test_the_threshold_is_included():
    assert hit_at([[Place(1, 10.0, 15.0)]], [EXPECTED], 1, 0.5) == 1
    assert hit_at([[Place(1, 10.0, 14.9)]], [EXPECTED], 1, 0.5) == 0


def test_only_the_first_k_answers_count_for_a_hit():
    answers = [[Place(2, 0.0, 5.0)], [EXPECTED]]
    assert (hit_at(answers, [EXPECTED], 1, 0.7), hit_at(answers, [EXPECTED], 2, 0.7)) == (0, 1)


def test_average_precision_is_by_the_ranks_of_those_that_match():
    later = Place(1, 50.0, 60.0)
    answers = [[Place(2, 0.0, 5.0)], [EXPECTED], [Place(1, 90.0, 95.0)], [later]]
    expected = [EXPECTED, later, Place(3, 0.0, 1.0)]
    assert average_precision_at(answers, expected, 0.5) == pytest.approx((1 / 2 + 2 / 4) / 3)


def test_a_copy_stands_for_the_moment_that_was_folded_into_it():
    folded = [Place(9, 0.0, 10.0), EXPECTED]
    assert matched([folded], [EXPECTED], 0.7) == [True]


def test_nothing_found_and_nothing_expected_are_no_hit():
    assert matched([], [EXPECTED], 0.5) == []
    assert matched([[EXPECTED]], [], 0.5) == [False]
    assert average_precision_at([], [EXPECTED], 0.5) == hit_at([], [EXPECTED], 1, 0.5) == 0


def test_the_same_moment_expected_twice_is_one():
    assert average_precision_at([[EXPECTED]], [EXPECTED, EXPECTED], 0.5) == 1
