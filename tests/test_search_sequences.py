"""One thing after another."""

from __future__ import annotations

import pytest

from search.fusion import Candidate
from search.sequences import in_order


def moment(start_s: float, end_s: float, strength: float = 0.5, video: int = 1) -> Candidate:
    return Candidate(video, start_s, end_s, {"picture": strength})


def test_steps_in_order_become_one_moment_from_the_first_to_the_last():
    [found] = in_order([[moment(0, 9, 0.8)], [moment(12, 20, 0.5)]], [30])
    assert (found.start_s, found.end_s) == (0, 20)
    assert found.steps == [(0, 9), (12, 20)]
    assert found.score == pytest.approx(0.4)


def test_the_wrong_order_is_not_found():
    assert in_order([[moment(12, 20)], [moment(0, 9)]], [30]) == []


@pytest.mark.parametrize(("gap_s", "found"), [(29.9, 1), (30, 1), (30.1, 0)])
def test_the_next_step_begins_in_time(gap_s: float, found: int):
    assert len(in_order([[moment(0, 9)], [moment(9 + gap_s, 60)]], [30])) == found


@pytest.mark.parametrize(("start_s", "found"), [(4.4, 0), (4.5, 1)])
def test_the_next_step_may_begin_when_half_of_the_one_before_is_over(start_s: float, found: int):
    assert len(in_order([[moment(0, 9)], [moment(start_s, 20)]], [0])) == found


def test_each_gap_has_its_own_limit():
    steps = [[moment(0, 5)], [moment(6, 10)], [moment(30, 35)]]
    assert len(in_order(steps, [2, 20])) == 1
    assert in_order(steps, [2, 19]) == []
    assert in_order(steps, [0.5, 20]) == []


def test_the_surest_way_through_the_steps_is_taken():
    steps = [[moment(0, 3, 0.2), moment(4, 7, 0.9)], [moment(8, 11, 0.5)], [moment(12, 15, 0.5)]]
    [found] = in_order(steps, [30, 30])
    assert found.steps[0] == (4, 7)
    assert found.score == pytest.approx(0.225)


def test_steps_of_different_videos_do_not_meet():
    assert in_order([[moment(0, 9, video=1)], [moment(12, 20, video=2)]], [30]) == []


def test_the_best_video_comes_first_and_a_stretch_only_once():
    first = [moment(0, 9, 0.5), moment(10, 19, 0.4), moment(0, 9, 0.9, video=2)]
    second = [moment(20, 29, 0.5), moment(12, 20, 0.9, video=2)]
    found = in_order([first, second], [30])
    assert [(one.video_id, one.start_s) for one in found] == [(2, 0), (1, 0)]


def test_the_number_of_gaps_has_to_fit():
    with pytest.raises(ValueError, match="2 steps have 1 gaps, not 2"):
        in_order([[moment(0, 9)], [moment(12, 20)]], [30, 30])
