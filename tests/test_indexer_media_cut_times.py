"""The weight and kind of coded pictures tell when a cut is."""

from __future__ import annotations

import pytest

from indexer.media.cut_times import CutTimes

FPS = 20


def told(sizes: dict[int, int], *, order: list[int] | None = None) -> CutTimes:
    """Pictures 1 to 10 at 20 a second, 100 bytes each but for `sizes`."""
    times = CutTimes()
    for index in order or range(1, 11):
        times.add(index / FPS, sizes.get(index, 100), key=False)
    return times


def test_a_picture_that_outweighs_its_neighbours_is_the_first_after_the_cut():
    assert told({7: 900}).between(0.0, 0.5) == pytest.approx(7 / FPS)


def test_of_pictures_that_may_refer_to_it_or_not_the_middle_one_counts():
    """7 is coded before 5 and 6: the cut is after 4, and 7 at the latest."""
    times = told({7: 900}, order=[1, 4, 2, 3, 7, 5, 6, 10, 8, 9])
    assert times.between(0.0, 0.5) == pytest.approx(6 / FPS)


def test_a_picture_that_was_coded_late_stands_for_itself():
    times = told({6: 900}, order=[1, 4, 2, 3, 7, 5, 6, 10, 8, 9])
    assert times.between(0.0, 0.5) == pytest.approx(6 / FPS)


@pytest.mark.parametrize("sizes", [{}, {7: 250}, dict.fromkeys(range(1, 11), 0)])
def test_where_none_stands_out_the_middle_picture_counts(sizes):
    assert told(sizes).between(0.0, 0.5) == pytest.approx(6 / FPS)


@pytest.mark.parametrize(("size", "cut"), [(900, 3), (5000, 7)])
def test_a_key_picture_is_the_first_unless_another_weighs_as_much(size, cut):
    times = CutTimes()
    for index in range(1, 11):
        times.add(index / FPS, {3: 8000, 7: size}.get(index, 100), key=index == 3)
    assert times.between(0.0, 0.5) == pytest.approx(cut / FPS)


def test_where_no_picture_was_told_of_the_middle_counts():
    assert CutTimes().between(1.0, 1.5) == 1.25


def test_pictures_outside_do_not_count():
    times = told({2: 9000, 7: 900, 10: 5000})
    assert times.between(2 / FPS, 9 / FPS) == pytest.approx(7 / FPS)
    assert times.between(9 / FPS, 10 / FPS) == pytest.approx(10 / FPS)


@pytest.mark.parametrize(
    ("keys_s", "irregular_s"),
    [
        ([0, 2, 4, 5.1, 7.1], [5.1]),
        ([0, 2, 4, 6], []),
        ([0, 3.3], [3.3]),
        ([0, 10, 13.2, 20], [10, 13.2, 20]),
        ([i / 30 for i in range(60)], []),
        ([0], []),
        ([], []),
    ],
)
def test_key_pictures_that_come_early_are_irregular(keys_s, irregular_s):
    times = CutTimes()
    for time_s in keys_s:
        times.add(time_s, 0, key=True)
    assert times.irregular_keys() == irregular_s
