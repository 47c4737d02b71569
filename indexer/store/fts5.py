"""Full text in SQLite: builds statements for FTS5, and touches no session."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    Integer,
    Select,
    bindparam,
    column,
    exists,
    func,
    insert,
    literal_column,
    select,
    table,
)

from indexer.store.conditions import Condition, Syntax
from indexer.store.passages import Statement, passages_of
from indexer.store.schema import Passage
from indexer.words.matching import Clue, Phrase

_TERMS = table("passage_terms", column("rowid", Integer), column("passage_terms"))
_ID = _TERMS.c.rowid
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


def found(
    condition: Condition, channels: Collection[str], videos: Collection[int] | None, most: int
) -> Statement:
    """`passages_of` the `most` best, or just `most`, that meet `condition`."""
    words = f"{{{' '.join(channels)}}} : ({_SYNTAX.condition(condition)})"
    if videos is None:
        statement = _found(ranked=condition.ranked, within=False)
        return statement, {"words": words, "every": condition.every, "most": most}
    ids = json.dumps(list(videos))
    statement = _found(ranked=condition.ranked, within=True)
    return statement, {"words": words, "videos": ids, "most": most}


@cache
def _found(*, ranked: bool, within: bool) -> Select[Any]:
    statement = select(_ID.label("id")).where(_MATCHES).limit(bindparam("most"))
    if ranked:
        statement = statement.order_by(func.bm25(literal_column("passage_terms")))
    thinned = _ID % bindparam("every", type_=Integer) == 0
    return passages_of(statement.where(*_within_videos() if within else [thinned]))


def _within_videos() -> list[ColumnElement[bool]]:
    """That a passage is of one of these videos. FTS5 skips what is outside of the range of ids."""
    videos = func.json_each(bindparam("videos")).table_valued("value")
    of_videos = Passage.video_id.in_(select(videos.c.value))
    lowest = select(func.min(Passage.id)).where(of_videos).scalar_subquery()
    highest = select(func.max(Passage.id)).where(of_videos).scalar_subquery()
    return [_ID.between(lowest, highest), exists().where(Passage.id == _ID, of_videos)]


def _phrase(phrase: Phrase) -> str:
    quoted = " ".join(phrase.terms).replace('"', '""')
    return f'"{quoted}"' + (" *" if phrase.prefix else "")


_SYNTAX = Syntax(phrase=_phrase, both=" AND ", either=" OR ", but_not=" NOT ")
