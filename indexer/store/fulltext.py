"""Full text over what videos say, show in writing and are called, on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any, Protocol, TypeAlias

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from indexer.store import fts5, tsvector
from indexer.store.batches import batched
from indexer.store.conditions import BUDGET, Condition, narrow, wide
from indexer.store.passages import PassageHit, Statement
from indexer.store.schema import Passage
from indexer.store.scoring import Scoring
from indexer.store.within import Within
from indexer.store.word_queries import CHANNELS
from indexer.words.matching import Clue, Plan, plan
from indexer.words.query import WordQuery
from indexer.words.terms import terms

_Find: TypeAlias = Callable[[Condition], Sequence[int]]
MOST_UNWANTED = 10_000
"""Passages with an excluded word that are listed at once; where there are more, of fewer videos."""
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class _Statements(Protocol):
    """What `fts5` and `tsvector` have in common."""

    def counted(self, clue: Clue, most: int) -> Statement: ...

    def found(
        self,
        condition: Condition,
        channels: Collection[str],
        within: Within | None,
        most: int,
    ) -> Statement: ...

    def fetched(self, ids: Collection[int]) -> Statement: ...


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
    return _search(session, query, [channels] if channels else [], limit, videos)


def search_channels(
    session: Session,
    query: WordQuery,
    channels: Collection[str],
    limit: int,
    videos: Collection[int] | None = None,
) -> list[PassageHit]:
    """As `search_passages`, at most `limit` of each channel, one channel after the other."""
    return _search(session, query, [[channel] for channel in channels], limit, videos)


def find_unwanted(session: Session, query: WordQuery, videos: Collection[int]) -> Sequence[int]:
    """Ids of passages of `videos` that hold what `query` excludes, at most `MOST_UNWANTED` of one
    video."""
    excluded = plan(query, tuple(session.scalars(_languages()))).excluded
    if not excluded:
        return []
    return _unwanted(session, Condition(any_of=excluded), list(videos))


def _unwanted(session: Session, condition: Condition, videos: list[int]) -> Sequence[int]:
    within = _within(session, videos)
    found = _find(session, CHANNELS, within, MOST_UNWANTED, condition)
    if len(found) < MOST_UNWANTED or len(videos) < 2:
        return found
    half = len(videos) // 2
    return [
        *_unwanted(session, condition, videos[:half]),
        *_unwanted(session, condition, videos[half:]),
    ]


def _search(
    session: Session,
    query: WordQuery,
    groups: Collection[Collection[str]],
    limit: int,
    videos: Collection[int] | None,
) -> list[PassageHit]:
    """The best `limit` of each group of channels."""
    asked = plan(query, tuple(session.scalars(_languages())))
    if not asked.wanted or not groups:
        return []
    passages = session.scalar(_span()) or 0
    counts = {clue: _count(session, clue, passages) for clue in asked.wanted}
    scoring = Scoring(counts, passages)
    most = max(BUDGET, 2 * limit)
    within = None if videos is None else _within(session, videos)
    found: list[PassageHit] = []
    for channels in groups:
        some = Condition(any_of=asked.wanted, none_of=asked.excluded)
        few = _find(session, channels, within, limit + 1, some)
        if not few or (len(few) <= limit and not asked.required):
            found += _best(_hits(session, few, scoring).values(), limit)  # no more to choose from
            continue
        find = partial(_find, session, channels, within, most)
        candidates = _candidates(asked, counts, scoring.weights, find, most)
        found += _ranked(session, candidates, scoring, limit)
    return found


def _ranked(
    session: Session, candidates: Iterable[Sequence[int]], scoring: Scoring, limit: int
) -> list[PassageHit]:
    """The best `limit` of what is found first."""
    hits: dict[int, PassageHit] = {}
    for ids in candidates:
        for some in batched((i for i in ids if i not in hits), limit + limit // 2 + 1):
            hits.update(_hits(session, some, scoring))
            if len(hits) >= limit:
                return _best(hits.values(), limit)
    return _best(hits.values(), limit)


def _candidates(
    asked: Plan, counts: dict[Clue, int], weights: dict[Clue, float], find: _Find, most: int
) -> Iterator[Sequence[int]]:
    """Ids of passages to look at, in turn until enough is found, the most promising first."""
    if (among := narrow(asked, counts)) is not None:
        yield find(among) if among.ranked else _heaviest(among, asked, weights, find)
    for condition in wide(asked, counts, most):
        yield find(condition)


def _heaviest(among: Condition, asked: Plan, weights: dict[Clue, float], find: _Find) -> list[int]:
    """The passages that meet `among` by how much they have of what is optional."""
    mass = dict.fromkeys(find(among), 0.0) if among.all_of else {}
    for clue in asked.optional:
        weight = weights.get(clue, 0.0)
        any_of = () if clue in among.any_of else among.any_of
        for i in find(replace(among, all_of=(*among.all_of, clue), any_of=any_of)):
            mass[i] = mass.get(i, 0.0) + weight
    return sorted(mass, key=mass.__getitem__, reverse=True)


def _find(
    session: Session,
    channels: Collection[str],
    within: Within | None,
    most: int,
    condition: Condition,
) -> Sequence[int]:
    statement, parameters = _statements(session).found(condition, channels, within, most)
    return session.scalars(statement, parameters).all()


def _within(session: Session, videos: Collection[int]) -> Within:
    if _is_postgresql(session):  # it takes the list as it is
        return Within(videos)
    statement, parameters = fts5.span(videos)
    row: Any = session.execute(statement, parameters).one()
    return Within(videos, *row)


def _hits(session: Session, ids: Collection[int], scoring: Scoring) -> dict[int, PassageHit]:
    """Those of the passages whose video has a file."""
    statement, parameters = _statements(session).fetched(ids)
    rows: Iterable[Any] = session.execute(statement, parameters)
    return {row.id: _hit(row, *scoring.of(row.text, row.language)) for row in rows}


def _hit(row: Any, score: float, coverage: float) -> PassageHit:
    return PassageHit(
        passage_id=row.id,
        video_id=row.video_id,
        channel=row.channel,
        start_s=row.start_s,
        end_s=row.end_s,
        text=row.text,
        language=row.language,
        score=score,
        coverage=coverage,
    )


def _best(hits: Iterable[PassageHit], limit: int) -> list[PassageHit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))[:limit]


def _count(session: Session, clue: Clue, passages: int) -> int:
    """How many passages have a clue; above `BUDGET` it is estimated from the first of them."""
    statement, parameters = _statements(session).counted(clue, BUDGET)
    row: Any = session.execute(statement, parameters).one()
    count, lowest, highest = row
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


def _statements(session: Session) -> _Statements:
    return tsvector if _is_postgresql(session) else fts5


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
