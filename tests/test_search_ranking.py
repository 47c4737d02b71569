"""The answer to one question, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from indexer.copies.match import Kind, Match
from search.cursor import Cursor
from search.errors import InvalidQuery
from search.folding import Folding
from search.fusion import Candidate
from search.ranking import DEPTHS, MAX_RESULTS, Ranking

NO_COPIES = Folding([])


def candidates(count: int) -> list[Candidate]:
    return [Candidate(i, 0, 9, {"picture": 1 - i / 2000}) for i in range(count)]


def as_they_are(fresh: Sequence[Candidate], settled: Sequence[Candidate]) -> list[Candidate]:
    return list(fresh)


def test_what_was_shown_keeps_its_place_when_more_is_looked_for():
    everything = candidates(300)
    # another order at each depth
    ranking = Ranking(lambda k: everything[:k][::-1], as_they_are, NO_COPIES)
    page = ranking.first(10)
    assert len(page) == 10
    more = ranking.first(200)
    assert more[:10] == page
    assert len({one.video_id for one in more}) == 200


def test_it_looks_no_deeper_than_it_has_to():
    asked: list[int] = []

    def find(k: int) -> list[Candidate]:
        asked.append(k)
        return candidates(2000)[:k]

    ranking = Ranking(find, as_they_are, NO_COPIES)
    ranking.first(5)
    ranking.first(20)
    assert asked == [DEPTHS[0]]
    assert len(ranking.first(5000)) == MAX_RESULTS
    assert asked == list(DEPTHS)


def test_when_there_are_no_more_it_does_not_ask_again():
    asked: list[int] = []

    def find(k: int) -> list[Candidate]:
        asked.append(k)
        return candidates(7)

    assert len(Ranking(find, as_they_are, NO_COPIES).first(500)) == 7
    assert asked == [DEPTHS[0]]


def test_a_deeper_moment_that_lies_over_a_shown_one_is_left_out():
    shown, over, other = (
        Candidate(1, 0, 9, {"picture": 0.9}),
        Candidate(1, 5, 14, {"picture": 0.99}),
        Candidate(1, 9, 18, {"picture": 0.5}),
    )
    fill = [Candidate(i, 0, 9, {"picture": 0.1}) for i in range(2, 26)]
    deeper = [over, other, *fill]
    ranking = Ranking(lambda k: [shown, *fill] if k == 25 else deeper, as_they_are, NO_COPIES)
    found = ranking.first(100)
    assert shown in found
    assert other in found
    assert over not in found


def test_moments_that_lie_over_shown_ones_do_not_hide_that_there_are_more():
    """Looked for deeper, a moment may be two: then one of them is left out, and fewer are known."""
    halves = [Candidate(0, 0, 4), Candidate(0, 4, 9)]
    deeper = [*halves, *candidates(2000)[1:]]
    ranking = Ranking(lambda k: (candidates(k) if k == 25 else deeper)[:k], as_they_are, NO_COPIES)
    assert len(ranking.first(300)) == 300


def test_what_was_given_out_does_not_change_when_more_is_looked_for():
    copy = Match(0, 1, 0, 9, 0, 9, 1.0, 1.0, Kind.COPY)
    late = Match(0, 90, 0, 9, 0, 9, 1.0, 1.0, Kind.COPY)
    ranking = Ranking(lambda k: candidates(300)[:k], as_they_are, Folding([copy, late]))
    (best,) = ranking.first(1)
    ranking.first(200)
    assert [one.video_id for one in best.copies] == [1]


def test_edges_do_not_depend_on_how_pages_are_cut():
    """They are found for all of one look, beside those of the looks before it."""
    asked: list[tuple[int, int]] = []

    def settle(fresh: Sequence[Candidate], settled: Sequence[Candidate]) -> list[Candidate]:
        asked.append((len(fresh), len(settled)))
        return [replace(one, end_s=one.end_s + len(settled)) for one in fresh]

    def ranking() -> Ranking:
        return Ranking(lambda k: candidates(300)[:k], settle, NO_COPIES)

    whole, paged = ranking().first(60), ranking()
    assert asked == [(25, 0), (75, 25)]
    assert paged.first(7) == whole[:7]
    assert paged.first(60) == whole


def test_copies_are_folded_once_however_often_it_is_looked():
    copy = Match(0, 1, 0, 9, 0, 9, 1.0, 1.0, Kind.COPY)
    ranking = Ranking(lambda k: candidates(300)[:k], as_they_are, Folding([copy]))
    ranking.first(10)
    found = ranking.first(200)
    assert [len(one.copies) for one in found[:2]] == [1, 0]
    assert found[1].video_id == 2


def test_a_cursor_goes_on_behind_the_last_moment():
    ranked = candidates(10)
    cursor = Cursor.parse(str(Cursor.behind("abc", 4, ranked[3])), "abc")
    assert cursor.place(ranked) == 4
    assert cursor.place(ranked[2:]) == 2  # two before it have gone
    assert cursor.place(ranked[:3]) == 3  # it has gone itself
    assert cursor.place(ranked[:3] + ranked[4:]) == 4


def test_a_cursor_of_another_question_is_refused():
    text = str(Cursor.behind("abc", 4, candidates(4)[3]))
    with pytest.raises(InvalidQuery, match="another question"):
        Cursor.parse(text, "abd")


@pytest.mark.parametrize(
    "text",
    ["", "x", "é", "bnVsbA==", "WzFd", "W" * 5000, "eyJhIjogMX0=", "WyJhYmMiLDFlOTk5LDEsMV0="],
)
def test_what_is_no_cursor_is_refused(text: str):
    with pytest.raises(InvalidQuery, match="no place in an answer"):
        Cursor.parse(text, "abc")
