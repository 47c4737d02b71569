"""A moment's edges move to cuts near them, and nothing of it is lost by that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.edges import snap

TIMES = st.lists(st.integers(0, 400).map(lambda n: n / 4), unique=True).map(sorted)


def test_both_edges_move_to_the_nearest_cut():
    assert snap(4.5, 13.5, [0.0, 4.0, 5.5, 13.0, 14.5], 1.5) == (4.0, 13.0)


def test_an_edge_without_a_cut_in_reach_stays():
    assert snap(4.5, 13.5, [0.0, 6.5, 14.0], 1.0) == (4.5, 14.0)


def test_a_cut_at_the_end_of_reach_counts():
    assert snap(2.0, 10.0, [0.0, 3.0], 1.0) == (3.0, 10.0)


def test_of_two_cuts_as_near_the_earlier_counts():
    assert snap(5.0, 15.0, [4.0, 6.0, 14.0, 16.0], 1.0) == (4.0, 14.0)


def test_the_middle_stays_inside():
    assert snap(4.0, 6.0, [0.0, 5.0], 3.0) == (4.0, 6.0)
    assert snap(4.0, 6.0, [5.1], 3.0) == (4.0, 5.1)


def test_no_shots_change_nothing():
    assert snap(1.0, 2.0, [], 5.0) == (1.0, 2.0)


@pytest.mark.parametrize(("moment", "reach_s"), [((2.0, 1.0), 1.0), ((1.0, 2.0), -0.1)])
def test_what_makes_no_sense_is_refused(moment, reach_s):
    with pytest.raises(ValueError, match="cannot"):
        snap(*moment, [0.0], reach_s)


@given(st.floats(0, 100), st.floats(0.01, 50), TIMES, st.floats(0, 20))
def test_no_edge_moves_too_far_or_past_the_middle(start_s, length_s, shots, reach_s):
    end_s = start_s + length_s
    first_s, last_s = snap(start_s, end_s, shots, reach_s)
    assert first_s <= (start_s + end_s) / 2 <= last_s
    assert first_s < last_s
    assert abs(first_s - start_s) <= reach_s
    assert abs(last_s - end_s) <= reach_s
    assert {first_s, last_s} <= {start_s, end_s, *shots}


@given(st.integers(0, 50), st.integers(2, 20), st.integers(0, 8), st.integers(2, 20), TIMES)
def test_moments_that_lie_apart_stay_apart(start, length, apart, next_length, shots):
    """In quarters of a second; the shortest is half a second, and the reach less than half."""
    end = start + length
    _, last_s = snap(start / 4, end / 4, shots, 0.24)
    first_s, _ = snap((end + apart) / 4, (end + apart + next_length) / 4, shots, 0.24)
    assert last_s <= first_s
