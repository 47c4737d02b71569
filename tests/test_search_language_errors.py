"""Whatever is typed is understood, or refused with the place marked."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from search.errors import InvalidQuery, QuerySyntaxError
from search.language import parse_question, plain_question
from search.question import Question


@pytest.mark.parametrize(
    ("text", "part", "says"),
    [
        ("a sadi:hello", "sadi:", "did you mean said:"),
        ("dog longr:3m", "longr:", "did you mean longer:"),
        ("dog longer:soon", "longer:soon", "no duration"),
        ("dog after: soon", "after: soon", "no date"),
        ("after:2024 dog after:2025", "after:2025", "there already"),
        ("dog -tag:sea", "-tag:sea", "minus"),
        ('dog said:"good', '"good', "not closed"),
        ("dog said:(good", "(good", "not closed"),
        ("dog said:", "said:", "says nothing"),
        ("dog said: shown:x", "said:", "says nothing"),
        ("dog said: then cat", "said:", "says nothing"),
        ("after: before:2024", "after:", "says nothing"),
        ('dog in:" " cat', 'in:" "', "says nothing"),
        ("dog said:() cat", "said:()", "said: has nothing"),
        ('dog shown:"!" cat', 'shown:"!"', "shown: has nothing"),
        ("dog -said:! cat", "-said:!", "said: has nothing"),
        ("dog then -cat then bird", "-cat", "only says what must not"),
        ("dog then cat within 1:75", "within 1:75", "no duration"),
        ("dog then cat within 5s tag:x within 6s", "within 6s", "there already"),
        ("dog like:cat", "like:cat", "VIDEO@SECONDS"),
        ("dog like:@3", "like:@3", "VIDEO@SECONDS"),
        ("dog then within 3s", "within 3s", "Nothing to look for"),
    ],
)
def test_an_error_points_at_the_part_that_is_wrong(text: str, part: str, says: str):
    with pytest.raises(QuerySyntaxError, match=says) as caught:
        parse_question(text)
    error = caught.value
    assert text[error.start : error.end] == part
    marked = str(error).splitlines()
    assert marked[1][2:] == text
    assert marked[2][2:] == " " * error.start + "^" * len(part)


@pytest.mark.parametrize(
    ("text", "line", "marks"),
    [
        ("日本 longer:soon", "日本 longer:soon", "     ^^^^^^^^^^^"),
        ("cafe\u0301 longer:soon", "cafe\u0301 longer:soon", "     ^^^^^^^^^^^"),
        ("a\tdog\nlonger:soon", "a dog longer:soon", "      ^^^^^^^^^^^"),
        ("\x1b[31m\u202edog longer:soon", " [31mdog longer:soon", "         ^^^^^^^^^^^"),
    ],
)
def test_it_points_at_it_in_any_script(text: str, line: str, marks: str):
    with pytest.raises(QuerySyntaxError) as caught:
        parse_question(text)
    assert str(caught.value).splitlines()[1:] == [f"  {line}", f"  {marks}"]


@pytest.mark.parametrize("text", ["-cat", "-like:3@4", "dog then -cat", "-said:hello", " "])
def test_only_what_must_not_be_there_is_no_question(text: str):
    with pytest.raises(InvalidQuery):
        parse_question(text)


WORDS = (
    'a dog then within 3s said: shown:x tag: " ( ) - * like: like:a@3 and after:2024 in:a said:( '
)


TYPED = st.lists(st.sampled_from([*WORDS.split(), 'said:"a b"', "-said:b", "\u3000", "犬"]))


def understood(text: str) -> Question | InvalidQuery:
    try:
        return parse_question(text)
    except InvalidQuery as error:
        return error


@given(st.one_of(st.text(max_size=60), TYPED.map(" ".join)))
def test_whatever_is_typed_is_understood_or_refused(text: str):
    found = understood(text)
    if isinstance(found, QuerySyntaxError):
        assert 0 <= found.start < found.end <= len(text)
        assert found.message
    elif isinstance(found, Question):
        assert len(found.within_s) == max(0, len(found.steps) - 1)
        assert found.steps or found.filters
        for step in found.steps:
            assert step.clauses or any(example.wanted for example in step.examples)
            assert step.examples or all(clause.words.is_wanted for clause in step.clauses)


@given(
    st.text(
        st.one_of(st.sampled_from('ab5沙 "“”-−*\x1c\u3000'), st.characters(exclude_characters=":"))
    )
)
def test_without_fields_and_steps_all_is_as_in_plain_queries(text: str):
    assume("then" not in text.lower())
    try:
        expected = plain_question(text)
    except InvalidQuery:
        with pytest.raises(InvalidQuery):
            parse_question(text)
    else:
        assert parse_question(text) == expected
