"""Full text in SQLite: builds statements for FTS5, and touches no session."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Insert,
    Integer,
    LargeBinary,
    Select,
    bindparam,
    column,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
)

from indexer.store.conditions import Condition, Syntax
from indexer.store.passages import Statement, passages_of
from indexer.store.schema import Passage
from indexer.store.within import Within
from indexer.store.word_queries import CHANNELS
from indexer.words.matching import Clue, Phrase

_TERMS = table("passage_terms", column("rowid", Integer), column("passage_terms"))
_ID = _TERMS.c.rowid
_RANK = func.bm25(literal_column("passage_terms"))
_MATCHES = _TERMS.c.passage_terms.op("MATCH", is_comparison=True)(bindparam("words"))


def insertions(rows: Iterable[tuple[int, str, str]]) -> list[tuple[Insert, list[dict[str, Any]]]]:
    """Statements with their parameters that enter rows of (passage id, channel, terms)."""
    by_channel: dict[str, list[dict[str, Any]]] = {}
    for passage, channel, terms in rows:
        by_channel.setdefault(channel, []).append({"rowid": passage, channel: terms})
    return [
        (insert(table("passage_terms", column("rowid"), column(channel))), parameters)
        for channel, parameters in by_channel.items()
    ]


def counted(clue: Clue, most: int) -> Statement:
    """(number, lowest id, highest id) of passages with a clue, the first `most` by id."""
    return _counted(), {"words": _SYNTAX.clue(clue), "most": most}


@cache
def _counted() -> Select[int, int, int]:
    found = select(_ID.label("id")).where(_MATCHES).limit(bindparam("most")).subquery()
    return select(func.count(), func.min(found.c.id), func.max(found.c.id))


def span(videos: Collection[int]) -> Statement:
    """(lowest, highest) id of the passages of these videos."""
    return _span(), {"videos": json.dumps(list(videos))}


@cache
def _span() -> Select[int, int]:
    of_videos = Passage.video_id.in_(select(_values("videos")))
    return select(func.min(Passage.id), func.max(Passage.id)).where(of_videos)


def found(
    condition: Condition, channels: Collection[str], within: Within | None, most: int
) -> Statement:
    """Ids of `most` passages that meet `condition`."""
    words, everywhere = _SYNTAX.condition(condition), set(CHANNELS) <= set(channels)
    if not everywhere:
        words = f"{{{' '.join(channels)}}} : ({words})"
    parameters: dict[str, Any] = {"words": words, "most": most}
    if within is not None:
        parameters |= {"videos": within.flags, "lowest": within.lowest, "highest": within.highest}
    elif everywhere and condition.every > 1:
        parameters["every"] = condition.every
    return _found(condition.ranked, frozenset(parameters)), parameters


@cache
def _found(ranked: bool, parameters: frozenset[str]) -> Select[int]:
    statement = select(_ID).where(_MATCHES).limit(bindparam("most"))
    if "videos" in parameters:
        statement = statement.where(*_within_videos())
    if "every" in parameters:
        statement = statement.where(_ID % bindparam("every", type_=Integer) == 0)
    return statement.order_by(_RANK) if ranked else statement


def fetched(ids: Collection[int]) -> Statement:
    """`passages_of` these ids."""
    return _fetched(), {"ids": json.dumps(list(ids))}


@cache
def _fetched() -> Executable:
    return passages_of(select(_values("ids")))


def _within_videos() -> list[ColumnElement[bool]]:
    """That a passage is of one of these videos. FTS5 skips what is outside of the range of ids.

    A list of ids would be read anew by every statement: one byte is looked up of each match.
    """
    flags = bindparam("videos", type_=LargeBinary)
    chosen = func.substr(flags, Passage.video_id, 1, type_=LargeBinary) == literal(
        b"\1", LargeBinary
    )
    return [
        _ID.between(bindparam("lowest", type_=Integer), bindparam("highest", type_=Integer)),
        exists().where(Passage.id == _ID, chosen),
    ]


def _values(name: str) -> ColumnElement[int]:
    """The numbers of a parameter that is a JSON list."""
    return func.json_each(bindparam(name)).table_valued("value").c.value


def _phrase(phrase: Phrase) -> str:
    quoted = " ".join(phrase.terms).replace('"', '""')
    return f'"{quoted}"' + (" *" if phrase.prefix else "")


_SYNTAX = Syntax(phrase=_phrase, both=" AND ", either=" OR ", but_not=" NOT ")
