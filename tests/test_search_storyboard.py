"""One picture for each shot, of the longest shots when there are too many."""

from __future__ import annotations

import pytest

from search.storyboard import storyboard


def test_each_shot_is_shown_by_its_middle():
    assert storyboard([0.0, 4.0, 10.0], 12.0, 5) == [2.0, 7.0, 11.0]


def test_of_too_many_shots_the_longest_are_shown_in_order():
    assert storyboard([0.0, 1.0, 5.0, 6.0, 9.0], 10.0, 2) == [3.0, 7.5]


def test_of_shots_as_long_the_earlier_are_shown():
    assert storyboard([0.0, 2.0, 4.0], 6.0, 2) == [1.0, 3.0]


def test_a_video_of_one_shot_has_one_picture():
    assert storyboard([0.0], 7.0, 9) == [3.5]


def test_shots_after_the_end_are_left_out():
    assert storyboard([0.0, 2.0, 4.0], 4.0, 9) == [1.0, 3.0]
    assert storyboard([0.0], 0.0, 9) == []


def test_a_storyboard_of_nothing_is_refused():
    with pytest.raises(ValueError, match="most is 0"):
        storyboard([0.0], 7.0, 0)
