"""The signs of a query."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.words.query import WordQuery
from search.errors import InvalidQuery
from search.words import parse_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a dog", WordQuery(words=("a", "dog"), plain="a dog")),
        (
            'red "beach  ball" par* -cat -"blue sea" -wa*',
            WordQuery(
                words=("red",),
                phrases=("beach ball",),
                prefixes=("par",),
                excluded=("cat", "blue sea"),
                excluded_prefixes=("wa",),
                plain="red beach ball par",
            ),
        ),
        # as phones and other languages write them
        ("“a dog”", WordQuery(phrases=("a dog",), plain="a dog")),
        ("„ein Hund“", WordQuery(phrases=("ein Hund",), plain="ein Hund")),
        (
            "«un chien» −chat",
            WordQuery(phrases=("un chien",), excluded=("chat",), plain="un chien"),
        ),
        ("犬＊", WordQuery(prefixes=("犬",), plain="犬")),
        # forgiven
        (
            'dog "on the beach',
            WordQuery(words=("dog", "on", "the", "beach"), plain="dog on the beach"),
        ),
        ('a 5" pipe', WordQuery(words=("a", "5", "pipe"), plain="a 5 pipe")),
        ("dog - cat -- *", WordQuery(words=("dog", "cat"), plain="dog cat")),
        ('dog "" -"" "!"', WordQuery(words=("dog",), plain="dog")),
        ("dog***", WordQuery(prefixes=("dog",), plain="dog")),
        ('"sea*"', WordQuery(phrases=("sea",), plain="sea")),
        # no signs
        ("wi-fi", WordQuery(words=("wi-fi",), plain="wi-fi")),
        ("what's up?", WordQuery(words=("what's", "up?"), plain="what's up?")),
        ("NOT a OR b", WordQuery(words=("NOT", "a", "OR", "b"), plain="NOT a OR b")),
    ],
)
def test_a_query_is_read(text: str, expected: WordQuery):
    assert parse_words(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-dog", "only says what must not be there"),
        ('-"red dog" -cat*', "only says what must not be there"),
        ("dog a*", '"a\\*" stands for too many words'),
        ("-7*", '"7\\*" stands for too many words'),
        ("!?", "empty"),
        ("a" * 1001, "1001 characters"),
        ("\ud800", "UTF-8"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_reason(text: str, message: str):
    with pytest.raises(InvalidQuery, match=message):
        parse_words(text)


@given(text=st.text(alphabet=st.one_of(st.sampled_from('ab沙 "-*“−'), st.characters())))
def test_any_text_is_read_or_refused(text: str):
    try:
        query = parse_words(text)
    except InvalidQuery:
        return
    assert query.plain
    assert not set(query.plain) & {'"', "“"}
