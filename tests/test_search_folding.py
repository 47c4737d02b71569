"""Near copies of a moment count once."""

from __future__ import annotations

from indexer.copies.match import Kind, Match
from search.copy_of import CopyOf
from search.folding import Folding
from search.fusion import Candidate


def copy(a: int, b: int, a_start_s: float = 0, b_start_s: float = 0, speed: float = 1) -> Match:
    ends = (a_start_s + 60, b_start_s + 60 / speed)
    return Match(
        a, b, a_start_s, ends[0], b_start_s, ends[1], 0.9, 0.9, kind=Kind.COPY, speed=speed
    )


def found(video: int, start_s: float, end_s: float) -> Candidate:
    return Candidate(video, start_s, end_s, {"picture": 0.5})


def fold(matches: list[Match], *candidates: Candidate) -> list[Candidate]:
    return Folding(matches).fold(candidates)


def test_the_better_one_names_the_other():
    best, copied = found(2, 10, 15), found(1, 10, 15)
    assert fold([copy(1, 2)], best, copied) == [best]
    assert best.copies == [CopyOf(1, 10, 15)]


def test_other_moments_of_copies_stay():
    assert len(fold([copy(1, 2)], found(1, 10, 15), found(2, 30, 35))) == 2


def test_other_videos_stay():
    assert len(fold([copy(1, 2)], found(1, 10, 15), found(3, 10, 15), found(1, 30, 35))) == 3


def test_a_copy_may_begin_later_and_run_faster():
    """Second 20 of video 1 is second 5 + 20 / 2 of video 2."""
    match = copy(1, 2, a_start_s=0, b_start_s=5, speed=2)
    assert len(fold([match], found(1, 20, 24), found(2, 15, 17))) == 1
    assert len(fold([match], found(2, 15, 17), found(1, 20, 24))) == 1
    assert len(fold([match], found(1, 20, 24), found(2, 20, 24))) == 2


def test_a_copy_of_two_counts_for_the_better():
    best, other = found(1, 10, 15), found(3, 10, 15)
    kept = fold([copy(1, 2), copy(2, 3)], best, other, found(2, 10, 15))
    assert kept == [best, other]
    assert (len(best.copies), len(other.copies)) == (1, 0)


def test_a_copy_of_a_copy_is_none_of_the_original():
    """Only what is known to be a copy is folded; what was folded away folds nothing."""
    kept = fold([copy(1, 2), copy(2, 3)], found(1, 10, 15), found(2, 10, 15), found(3, 10, 15))
    assert [one.video_id for one in kept] == [1, 3]
