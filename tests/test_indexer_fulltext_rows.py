"""Passages and their terms as they are entered and deleted, on SQLite and on PostgreSQL."""

from __future__ import annotations

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from indexer.store.fulltext import search_passages
from indexer.store.schema import Passage, Video
from indexer.words.query import WordQuery
from search.words import parse_words
from tests.passages import PASSAGES, enter


def test_terms_go_with_their_passages(session: Session):
    other = enter(session, "/videos/b.mp4", [("speech", "en", "Another zebra")])
    assert search_passages(session, parse_words("zebra"))
    session.execute(delete(Passage).where(Passage.video_id == other))
    assert search_passages(session, parse_words("zebra")) == []
    _require_as_many_terms_as_passages(session)


def test_passages_and_terms_go_with_their_video(session: Session):
    other = enter(session, None, [("speech", "en", "Another zebra")])
    session.execute(delete(Video).where(Video.id == other))
    assert session.scalar(select(func.count(Passage.id))) == len(PASSAGES)
    _require_as_many_terms_as_passages(session)


def _require_as_many_terms_as_passages(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        count = session.scalar(text("SELECT count(*) FROM passage_terms"))
        assert count == session.scalar(select(func.count(Passage.id)))
        session.execute(text("INSERT INTO passage_terms(passage_terms) VALUES ('integrity-check')"))


def test_what_no_database_stores_is_replaced(session: Session):
    enter(session, "/videos/b.mp4", [("screen", "", "zebra\0 \ud800crossing")])
    [hit] = search_passages(session, parse_words("zebra crossing"))
    assert hit.text == "zebra\ufffd \ufffdcrossing"


def test_a_long_text_is_found_by_its_beginning(session: Session):
    long = " ".join(["zebra", *(f"word{i}ing" for i in range(20_000))])
    enter(session, "/videos/b.mp4", [("screen", "en", long)])
    assert len(search_passages(session, parse_words("zebra"))) == 1
    assert len(search_passages(session, parse_words('"word7ing word8ing"'))) == 1


def test_a_passage_without_words_is_kept_and_never_found(session: Session):
    other = enter(session, "/videos/b.mp4", [("screen", "", "★ … !")])
    assert session.scalar(select(func.count()).where(Passage.video_id == other)) == 1
    assert search_passages(session, WordQuery(words=("★",))) == []
