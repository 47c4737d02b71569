"""Moments end with their video, last some time and never reach into each other."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.evidence import Evidence
from search.fusion import Candidate, fuse
from search.stretches import REACH_S, Stretches

QUARTERS = st.integers(0, 160).map(lambda n: n / 4)
STRETCHES = st.lists(st.tuples(QUARTERS, st.integers(0, 20).map(lambda n: n / 4)), max_size=12)


def test_edges_move_to_cuts_and_to_the_end():
    one = Candidate(1, 4.5, 18.5)
    assert Stretches([one]).settle(one, [0.0, 4.0, 12.0], 19.0) == (4.0, 19.0)


def test_an_edge_stays_where_the_cut_lies_in_the_next_moment():
    long, short = Candidate(1, 5.0, 11.0), Candidate(1, 12.1, 12.5)
    stretches = Stretches([long, short])
    assert stretches.settle(long, [0.0, 12.4], 40.0) == (5.0, 11.0)
    assert stretches.settle(short, [0.0, 12.4], 40.0) == (12.1, 12.4)


def test_a_sentence_that_is_also_seen_keeps_its_own_times():
    seen = Evidence("picture", 1, 4.0, 12.0, 0.4)
    (one,) = fuse([seen, Evidence("speech", 1, 5.0, 8.0, 0.6)])
    assert Stretches([one]).settle(one, [0.0, 4.0, 9.0], 40.0) == (5.0, 8.0)


def test_a_scene_in_which_weaker_words_are_said_ends_at_cuts():
    said = Evidence("speech", 1, 5.0, 8.0, 0.4)
    (one,) = fuse([Evidence("picture", 1, 4.5, 12.0, 0.6), said])
    assert Stretches([one]).settle(one, [0.0, 4.0, 13.0], 40.0) == (4.0, 13.0)


def test_other_videos_are_no_hindrance():
    one, other = Candidate(1, 5.0, 11.0), Candidate(2, 11.5, 14.0)
    assert Stretches([one, other]).settle(one, [0.0, 12.0], 40.0) == (5.0, 12.0)


@pytest.mark.parametrize("start_s", [40.0, 90.0])
def test_what_begins_after_the_end_is_no_moment(start_s: float):
    one = Candidate(1, start_s, start_s + 2)
    assert Stretches([one]).settle(one, [0.0], 40.0) is None


def test_an_instant_lasts_a_second():
    one = Candidate(1, 10.0, 10.0)
    assert Stretches([one]).settle(one, [], 40.0) == (10.0, 11.0)


@given(stretches=STRETCHES, shots=st.lists(QUARTERS, unique=True).map(sorted))
def test_settled_moments_last_and_do_not_overlap(
    stretches: list[tuple[float, float]], shots: list[float]
):
    candidates = fuse([Evidence("speech", 1, s, s + long, 0.5) for s, long in stretches])
    inside = [shot for shot in shots if shot < 35.0]
    known = Stretches(candidates)
    settled = [(one, known.settle(one, inside, 35.0)) for one in candidates]
    kept = [(one, times) for one, times in settled if times is not None]
    assert len(kept) == sum(one.start_s < 35 for one in candidates)
    for one, (start_s, end_s) in kept:
        assert 0 <= start_s < end_s <= 35
        assert abs(start_s - one.start_s) <= REACH_S
    ordered = sorted(times for _, times in kept)
    assert all(a[1] <= b[0] for a, b in pairwise(ordered))
