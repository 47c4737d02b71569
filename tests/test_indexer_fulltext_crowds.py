"""Full text with many passages, long queries and any text at all, on SQLite and PostgreSQL."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from indexer.store.conditions import BUDGET
from indexer.store.fulltext import search_passages
from indexer.words.stemming import STEMMERS
from search.errors import InvalidQuery
from search.words import parse_words
from tests.passages import enter


@pytest.mark.parametrize(
    "sign", ["{}", '"{} {}"', "{}*", "zebra -{}"], ids=["words", "phrases", "prefixes", "without"]
)
def test_a_long_query_in_a_library_of_many_languages_is_answered(session: Session, sign: str):
    words = [f"{a}{b}ationen" for a in "bdfglmnprst" for b in ("ab", "eb", "ib", "ob")]
    rows = [("speech", language, "zebra " + " ".join(words)) for language in STEMMERS]
    enter(session, "/videos/b.mp4", rows)
    query = " ".join(sign.format(word, word) for word in words)[:1000]
    wanted = 0 if sign in ("zebra -{}", '"{} {}"') else len(rows)
    assert len(search_passages(session, parse_words(query))) == wanted


SIGNS = r"""AND OR NOT NEAR( ) " ' '' * - : ^ + {name} speech: rowid \ | & ! <-> :* % ? ;--"""
SYNTAX = st.sampled_from(["dog", "beach", "沙", "犬*", *SIGNS.split()])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(query=st.one_of(st.text(max_size=60), st.lists(SYNTAX, max_size=12).map(" ".join)))
def test_no_query_breaks_the_database(database: Engine, query: str):
    with Session(database) as session:
        try:
            asked = parse_words(query)
        except InvalidQuery:
            return
        for hit in search_passages(session, asked):
            assert hit.score > 0
            assert 0 < hit.coverage <= 1.000001


@settings(max_examples=60, deadline=None)
@given(words=st.text(min_size=1, max_size=40))
def test_a_text_is_found_by_itself(database: Engine, words: str):
    """Whatever its script, as a phrase, if there is a word in it at all."""
    try:
        query = parse_words('"' + words.replace('"', " ") + '"')
    except InvalidQuery:
        return
    with Session(database) as session:
        enter(session, "/videos/b.mp4", [("speech", "", words)])
        found = [hit.video_id for hit in search_passages(session, query)]
        session.rollback()
    assert found or not query.phrases


@pytest.fixture
def crowd(session: Session) -> Session:
    """So many passages with the same words that the database does not rank them all."""
    rows = [("speech", "en", f"people walking in street {i}") for i in range(BUDGET + 1000)]
    few = [("speech", "en", text) for text in ("zebra", "zebra with people")]
    enter(session, "/videos/b.mp4", rows[:2500] + few + rows[2500:])
    return session


def test_all_that_have_a_rare_word_are_found_among_common_ones(crowd: Session):
    hits = search_passages(crowd, parse_words("people walk zebra"), limit=2)
    assert {hit.text for hit in hits} == {"zebra", "zebra with people"}


def test_those_with_all_words_are_found_among_common_ones(crowd: Session):
    [hit] = search_passages(crowd, parse_words('"walking in street" 2999'), limit=1)
    assert hit.text == "people walking in street 2999"


def test_enough_is_found_where_all_have_the_words(crowd: Session):
    assert len(search_passages(crowd, parse_words("street"))) == 100
    assert len(search_passages(crowd, parse_words("people in the street"))) == 100


def test_the_few_of_a_channel_are_found_among_many_of_another(crowd: Session):
    other = enter(crowd, "/videos/c.mp4", [("name", "", f"street_{i}.mp4") for i in range(5)])
    hits = search_passages(crowd, parse_words("street"), channels=["name"])
    assert [hit.video_id for hit in hits] == [other] * 5
    hits = search_passages(crowd, parse_words("street"), videos=[other])
    assert [hit.video_id for hit in hits] == [other] * 5


@pytest.mark.parametrize("query", ["street", '"in street"', "peop*"])
def test_all_are_found_if_so_many_are_asked_for(crowd: Session, query: str):
    assert len(search_passages(crowd, parse_words(query), limit=10_000)) >= BUDGET + 1000
