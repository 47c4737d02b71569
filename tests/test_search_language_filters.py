"""Filters among the words, and joined with those that are given beside them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from indexer.store.filters import Filters
from search.errors import InvalidQuery
from search.filters import parse_filters
from search.language import merge_filters, parse_question
from search.question import Question


@pytest.mark.parametrize("text", ["tag:x", "tag:x !", "- tag:x", "tag: x ..."])
def test_signs_beside_filters_are_no_words(text: str):
    assert parse_question(text) == Question(text, (), (), parse_filters(tags=["x"]))


def test_filters_stand_anywhere():
    text = (
        'tag:beach a dog in:"My Holidays/2024" tag: sea after:2024-01 longer:10m lang:en res:720p'
    )
    question = parse_question(text)
    assert question.steps[0].clauses[0].words.plain == "a dog"
    assert question.filters == parse_filters(
        tags=["beach", "sea"],
        folder="My Holidays/2024",
        after="2024-01",
        longer="10m",
        language="en",
        min_resolution="720p",
    )


def test_filters_alone_are_a_question():
    question = parse_question("longer:10m")
    assert question.steps == ()
    assert question.filters.longer_s == 600


def test_filters_that_no_video_could_fit_are_refused():
    with pytest.raises(InvalidQuery, match="Swap them"):
        parse_question("longer:2h shorter:1m cat")


def test_filters_of_both_sides_are_joined():
    typed = parse_filters(tags=["a"], longer="10s")
    given_too = parse_filters(tags=["a", "b"], after="2024", longer="10s")
    merged = merge_filters(typed, given_too)
    assert merged == Filters(tags=("a", "b"), after=datetime(2024, 1, 1, tzinfo=UTC), longer_s=10)
    assert merge_filters(Filters(), typed) == typed
    assert merge_filters(typed, Filters()) == typed


def test_filters_of_both_sides_that_no_video_could_fit_are_refused():
    with pytest.raises(InvalidQuery, match="Swap them"):
        merge_filters(parse_filters(longer="2h"), parse_filters(shorter="1m"))


@pytest.mark.parametrize(
    ("typed", "beside", "name"),
    [
        ({"longer": "10s"}, {"longer": "20s"}, "longer:"),
        ({"folder": "a"}, {"folder": "b"}, "in:"),
        ({"language": "en"}, {"language": "de"}, "lang:"),
        ({"min_resolution": "720p"}, {"min_resolution": "4k"}, "res:"),
    ],
)
def test_filters_that_contradict_each_other_are_refused(typed, beside, name: str):
    with pytest.raises(InvalidQuery, match=f"^{name} is in the question"):
        merge_filters(parse_filters(**typed), parse_filters(**beside))
