"""What people read of a score is never nothing where it is something."""

from __future__ import annotations

import pytest

from search.scores import rounded, score_text


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (1.0, "1.00"),
        (0.8049, "0.80"),
        (0.01, "0.01"),
        (0.0096, "0.0096"),
        (0.00152, "0.0015"),
        (0.0001, "0.0001"),
        (2.1e-6, "<.0001"),
        (0.0, "0.00"),
        (-0.001, "0.00"),
        (-0.25, "-0.25"),
    ],
)
def test_two_decimals_or_as_many_as_it_needs(score: float, text: str):
    assert score_text(score) == text


def test_programs_get_four_digits_of_any_size():
    assert [rounded(score) for score in (0.812345, 1.0, 0.0, -0.3, 2.13456e-6)] == [
        0.8123,
        1.0,
        0.0,
        -0.3,
        2.135e-06,
    ]
