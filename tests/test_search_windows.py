"""Windows: pieces follow shots, the best run is found, and none lies over another."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.windows import Piece, best_windows, pieces

HALVES = st.integers(1, 80).map(lambda n: n / 2)
COSINES = st.lists(st.floats(-1, 1, allow_nan=False, width=32), max_size=25)


def test_a_video_of_one_shot_is_cut_at_its_tokens():
    assert pieces([0.0], 2, 2.5) == [Piece(0.0, 1.5, 0), Piece(1.5, 2.5, 1)]


def test_a_token_of_two_shots_counts_as_its_neighbour_within_each():
    assert pieces([0.0, 2.0], 3, 4.5) == [
        Piece(0.0, 1.5, 0),
        Piece(1.5, 2.0, 0),  # token 1 is of both shots
        Piece(2.0, 3.0, 2),
        Piece(3.0, 4.5, 2),
    ]


def test_a_shot_without_a_token_of_its_own_has_the_one_that_shows_most_of_it():
    assert pieces([0.0, 1.0, 2.5], 3, 4.5)[1:3] == [Piece(1.0, 1.5, 1), Piece(1.5, 2.5, 1)]


@given(st.lists(HALVES, unique=True).map(sorted), st.floats(0.1, 40), st.integers(-1, 1))
def test_pieces_cover_the_video_without_gaps(shots: list[float], duration_s: float, more: int):
    tokens = max(1, int(np.ceil(duration_s / 1.5)) + more)
    found = pieces([0.0, *shots], tokens, duration_s)
    assert (found[0].start_s, found[-1].end_s) == (0, duration_s)
    assert all(a.end_s == b.start_s for a, b in pairwise(found))
    assert all(0 <= one.token < tokens and one.start_s < one.end_s for one in found)


def windows(cosines: list[float], background: float = 0.0) -> list[tuple[int, int]]:
    return best_windows(np.array(cosines), np.full(len(cosines), 1.5), background)


def test_the_run_that_stands_out_is_the_window():
    assert windows([0.0, 0.1, 0.5, 0.45, 0.1, 0.0]) == [(2, 4)]


def test_a_short_weak_place_does_not_cut_a_long_window():
    # above the level of 0.3: +.2 +.2 -.1 +.2 +.2
    assert windows([0.0, 0.5, 0.5, 0.2, 0.5, 0.5, 0.0]) == [(1, 6)]


def test_two_runs_apart_are_two_windows_the_stronger_first():
    # the gap costs more than the first run gives
    assert windows([0.4, 0.0, 0.0, 0.5, 0.5]) == [(3, 5), (0, 1)]


def test_what_matches_throughout_is_one_window():
    assert windows([0.5] * 60) == [(0, 60)]


@pytest.mark.parametrize("cosines", [[], [0.1, 0.2], [0.2]])
def test_nothing_above_the_background_is_no_window(cosines: list[float]):
    assert windows(cosines, background=0.2) == []


@given(COSINES, st.floats(-0.5, 0.5))
def test_windows_are_disjoint_inside_and_always_the_same(cosines: list[float], background: float):
    found = windows(cosines, background)
    assert found == windows(cosines, background)
    assert all(0 <= a < b <= len(cosines) for a, b in found)
    assert all(a[1] <= b[0] for a, b in pairwise(sorted(found)))
    if cosines and max(cosines) > background + 1e-3:
        best = cosines.index(max(cosines))
        assert any(a <= best < b for a, b in found)  # the best piece is never lost
