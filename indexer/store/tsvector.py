"""Full text in PostgreSQL: builds statements for tsvector, and touches no session.

Terms and queries are given ready made, so no configuration of the server's has a say in them.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import (
    Executable,
    Insert,
    Integer,
    Select,
    String,
    any_,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR

from indexer.store.conditions import Condition, Syntax
from indexer.store.passages import Statement, passages_of
from indexer.store.schema import Passage
from indexer.store.within import Within
from indexer.words.matching import Clue, Phrase
from indexer.words.terms import BORDER

_TERMS = literal_column("passages.terms", TSVECTOR)
_QUERY = cast(bindparam("words", type_=String), TSQUERY)
_RANK = func.ts_rank_cd(_TERMS, _QUERY, 1)  # divided by the logarithm of the length
_MATCHES = _TERMS.bool_op("@@")(_QUERY)
_POSITIONS = 2**14
"""Positions that a tsvector counts to."""
_PER_LEXEME = 255


def insertion() -> Insert:
    """Enters passages; takes rows of their columns and `terms`, see `vector`."""
    known = [own.name for own in Passage.__table__.columns if own.name != "id"]
    whole = table("passages", *map(column, known), column("terms"))
    return insert(whole).values(terms=cast(bindparam("terms"), TSVECTOR))


def vector(terms: str) -> str:
    """Terms, as `indexer.words.terms` gives them, in the notation of a tsvector."""
    positions: dict[str, list[int]] = {}
    for position, term in enumerate(terms.split(), 1):
        if term != BORDER:
            positions.setdefault(term, []).append(position)
    return " ".join(_lexeme(term) + _places(where) for term, where in positions.items())


def _places(positions: list[int]) -> str:
    known = [str(position) for position in positions if position < _POSITIONS][:_PER_LEXEME]
    return ":" + ",".join(known) if known else ""


def counted(clue: Clue, most: int) -> Statement:
    """(number, lowest id, highest id) of passages with a clue, of `most` at most."""
    return _counted(), {"words": _SYNTAX.clue(clue), "most": most}


@cache
def _counted() -> Select[int, int, int]:
    found = select(Passage.id).where(_MATCHES).limit(bindparam("most")).subquery()
    return select(func.count(), func.min(found.c.id), func.max(found.c.id))


def found(
    condition: Condition, channels: Collection[str], within: Within | None, most: int
) -> Statement:
    """Ids of `most` passages that meet `condition`."""
    words = _SYNTAX.condition(condition)
    parameters: dict[str, Any] = {"words": words, "channels": list(channels), "most": most}
    if within is not None:
        parameters["videos"] = list(within.videos)
    return _found(condition.ranked, within is not None), parameters


@cache
def _found(ranked: bool, within: bool) -> Select[int]:
    channels = bindparam("channels", type_=ARRAY(String))
    statement = select(Passage.id).where(_MATCHES, Passage.channel == any_(channels))
    if within:
        videos = bindparam("videos", type_=ARRAY(Integer))
        statement = statement.where(Passage.video_id == any_(videos))
    if ranked:
        statement = statement.order_by(_RANK.desc())
    return statement.limit(bindparam("most"))


def fetched(ids: Collection[int]) -> Statement:
    """`passages_of` these ids."""
    return _fetched(), {"ids": list(ids)}


@cache
def _fetched() -> Executable:
    return passages_of(select(func.unnest(bindparam("ids", type_=ARRAY(Integer)))))


def _phrase(phrase: Phrase) -> str:
    lexemes = " <-> ".join(_lexeme(term) for term in phrase.terms)
    return f"({lexemes}{':*' if phrase.prefix else ''})"


def _lexeme(term: str) -> str:
    quoted = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}'"


_SYNTAX = Syntax(phrase=_phrase, both=" & ", either=" | ", but_not=" & !")
