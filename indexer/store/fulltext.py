"""Full text over what videos say, show in writing and are called, on both databases."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any, Protocol

from sqlalchemy import Row, Select, func, insert, select
from sqlalchemy.orm import Session

from indexer.store import fts5, tsvector
from indexer.store.batches import batched
from indexer.store.conditions import BUDGET, Condition, conditions
from indexer.store.passages import PassageHit, Statement
from indexer.store.schema import Passage
from indexer.store.scoring import Scoring
from indexer.store.word_queries import NAME, SCREEN, SPEECH
from indexer.words.matching import Clue, plan
from indexer.words.query import WordQuery
from indexer.words.terms import terms

CHANNELS = (SPEECH, SCREEN, NAME)
"""In which passages are found, unless told otherwise."""
_MOST_ROWS = 10 * BUDGET
"""Looked through for one condition when most of what is found has no file any more."""
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class _Statements(Protocol):
    """What `fts5` and `tsvector` have in common."""

    def counted(self, clue: Clue, most: int) -> Statement: ...

    def found(
        self,
        condition: Condition,
        channels: Collection[str],
        videos: Collection[int] | None,
        most: int,
    ) -> Statement: ...


def index_passages(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert passages, given by the columns of `Passage` without an id, and their terms.

    Terms go with their passage when it is deleted.
    """
    enter = _enter_vectors if _is_postgresql(session) else _enter_terms
    for batch in batched(rows):
        entered = [{**row, "text": _UNSTORABLE.sub("\ufffd", row["text"])} for row in batch]
        enter(session, entered, [terms(row["text"], row["language"]) for row in entered])


def _enter_terms(session: Session, rows: list[dict[str, Any]], found: list[str]) -> None:
    statement = insert(Passage).returning(Passage.id, sort_by_parameter_order=True)
    ids = session.scalars(statement, rows).all()
    channels = [row["channel"] for row in rows]
    for insertion, parameters in fts5.insertions(zip(ids, channels, found, strict=True)):
        session.execute(insertion, parameters)


def _enter_vectors(session: Session, rows: list[dict[str, Any]], found: list[str]) -> None:
    with_terms = [
        {**row, "terms": tsvector.vector(words)} for row, words in zip(rows, found, strict=True)
    ]
    session.execute(tsvector.insertion(), with_terms)


def search_passages(
    session: Session,
    query: WordQuery,
    channels: Collection[str] = CHANNELS,
    limit: int = 100,
    videos: Collection[int] | None = None,
) -> list[PassageHit]:
    """The passages that answer `query` best, at most `limit`, best first.

    Only of videos that have a file, and of the `videos` if they are given. In a large library not
    every passage with common words is looked at, see `indexer.store.conditions`.
    """
    asked = plan(query, tuple(session.scalars(_languages())))
    if not asked.wanted or not channels:
        return []
    passages = session.scalar(_span()) or 0
    counts = {clue: _count(session, clue, passages) for clue in asked.wanted}
    scoring = Scoring(counts, passages)
    found: dict[int, PassageHit] = {}
    for condition in conditions(asked, counts):
        for row in _candidates(session, condition, channels, videos, limit):
            if row.id not in found:
                found[row.id] = _hit(row, *scoring.of(row.text, row.language))
        if len(found) >= limit:
            break
    return sorted(found.values(), key=lambda hit: (-hit.score, hit.passage_id))[:limit]


def _candidates(
    session: Session,
    condition: Condition,
    channels: Collection[str],
    videos: Collection[int] | None,
    limit: int,
) -> list[Row[Any]]:
    """At least `limit` passages with a file that meet a condition, if there are so many."""
    # the database ranks a little differently; and among any that match the best are to be found
    most = limit + limit // 2 + 1 if condition.ranked else 4 * limit
    while True:
        statement, parameters = _statements(session).found(condition, channels, videos, most)
        rows = session.execute(statement, parameters).all()
        found = [row for row in rows if row.has_file]
        if len(found) >= limit or len(rows) < most or most > _MOST_ROWS:
            return found
        most *= 4


def _count(session: Session, clue: Clue, passages: int) -> int:
    """How many passages have a clue; above `BUDGET` it is estimated from the first of them."""
    statement, parameters = _statements(session).counted(clue, BUDGET)
    count, lowest, highest = session.execute(statement, parameters).one()
    return int(count) if count < BUDGET else int(count * passages // (highest - lowest + 1))


@cache
def _span() -> Select[int]:
    """About the number of passages, without counting them."""
    lowest, highest = (
        select(bound(Passage.id)).scalar_subquery() for bound in (func.min, func.max)
    )
    return select(highest - lowest + 1)


@cache
def _languages() -> Select[str]:
    """The languages of all passages, each by one step through their index."""
    found = select(func.min(Passage.language).label("language")).cte("languages", recursive=True)
    above = select(func.min(Passage.language)).where(Passage.language > found.c.language)
    step = select(above.scalar_subquery()).where(found.c.language.is_not(None))
    found = found.union_all(step)
    return select(found.c.language).where(found.c.language.is_not(None))


def _hit(row: Row[Any], score: float, coverage: float) -> PassageHit:
    *fields, _has_file = row
    return PassageHit(*fields, score, coverage)


def _statements(session: Session) -> _Statements:
    return tsvector if _is_postgresql(session) else fts5


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
