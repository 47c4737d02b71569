"""Intervals hold what they should, and the test of two runs says so only where they differ."""

from __future__ import annotations

import numpy as np
import pytest

from search.bootstrap import compare, mean_interval


def test_the_interval_of_a_mean_is_that_of_the_normal_law():
    values = np.random.default_rng(1).normal(0.5, 0.2, 400)
    half = 1.96 * values.std() / 20
    low, high = mean_interval(values)
    assert (low, high) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.002)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    chance = np.random.default_rng(2)
    intervals = [mean_interval(chance.random(60) < 0.4) for _ in range(100)]
    assert 88 <= sum(low <= 0.4 <= high for low, high in intervals) <= 100


def test_the_same_figures_give_the_same_interval():
    assert mean_interval([0, 1, 1, 0, 1]) == mean_interval([0, 1, 1, 0, 1])


def test_one_query_says_nothing_about_others():
    assert mean_interval([0.25]) == (0.25, 0.25)
    assert compare([1.0], [0.0]).verdict == "no clear difference"


def test_rows_that_ask_the_same_are_drawn_together():
    """As one sample of weight 50 beside 50 others, the mean is far less sure than of 100."""
    values, weights = [1.0] + [0.0] * 50, [50.0] + [1.0] * 50
    low, high = mean_interval(values, weights)
    assert high - low > 0.5
    assert mean_interval([1.0] * 50 + [0.0] * 50)[1] < 0.61


def test_no_query_is_no_mean():
    with pytest.raises(ValueError, match="no query"):
        mean_interval([])


def test_a_run_is_no_better_than_itself():
    values = np.random.default_rng(3).random(50)
    same = compare(values, values)
    assert (same.value, same.low, same.high, same.p) == (0, 0, 0, 1)
    assert same.verdict == "no clear difference"


def test_a_clear_difference_is_told_in_its_direction():
    chance = np.random.default_rng(4)
    worse = chance.random(100)
    better = worse + chance.normal(0.1, 0.1, 100)
    found = compare(better, worse)
    assert found.verdict == "better"
    assert 0 < found.low < found.value < found.high
    assert compare(worse, better).verdict == "worse"


def test_p_is_that_of_all_signs():
    """Of the 32 ways to sign five equal differences two are as large as all of them."""
    assert compare([1.0] * 5, [0.0] * 5).p == pytest.approx(2 / 32, abs=0.01)


def test_equal_runs_are_seldom_told_apart():
    chance = np.random.default_rng(5)
    found = [compare(chance.random(40), chance.random(40)).p < 0.05 for _ in range(100)]
    assert sum(found) <= 12


def test_many_queries_are_drawn_some_at_a_time():
    values = np.random.default_rng(6).random(50_000)
    low, high = mean_interval(values[:50_000:10])
    assert low < values.mean() < high
