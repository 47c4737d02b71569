"""Full text in PostgreSQL: builds statements for tsvector, and touches no session.

Terms and queries are given ready made, so no configuration of the server's has a say in them.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import (
    ColumnElement,
    Insert,
    Integer,
    Select,
    any_,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR

from indexer.store.conditions import BUDGET, Condition, Syntax
from indexer.store.schema import Passage
from indexer.words.matching import Clue, Phrase
from indexer.words.terms import BORDER

_TERMS = literal_column("passages.terms", TSVECTOR)
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


def counted(clue: Clue, most: int) -> Select[int, int, int]:
    """(number, lowest id, highest id) of passages with a clue, of `most` at most."""
    matching = _matches(_SYNTAX.clue(clue))
    found = select(Passage.id).where(matching).limit(most).subquery()
    return select(func.count(), func.min(found.c.id), func.max(found.c.id))


def ranked(
    condition: Condition, channels: Collection[str], videos: Collection[int] | None, most: int
) -> Select[int]:
    """Ids of the `most` best of the passages that meet `condition`, of `BUDGET` at most."""
    words = _SYNTAX.condition(condition)
    rank = func.ts_rank_cd(_TERMS, _query(words), 1)  # 1: by the logarithm of the length
    statement = select(Passage.id, rank.label("rank")).where(
        _matches(words), Passage.channel.in_(channels)
    )
    if videos is not None:
        ids = literal(list(videos), ARRAY(Integer))
        statement = statement.where(Passage.video_id == any_(ids))
    found = statement.limit(BUDGET).subquery()
    return select(found.c.id).order_by(found.c.rank.desc(), found.c.id).limit(most)


def _matches(words: str) -> ColumnElement[bool]:
    return _TERMS.bool_op("@@")(_query(words))


def _query(words: str) -> ColumnElement[str]:
    return cast(literal(words), TSQUERY)


def _phrase(phrase: Phrase) -> str:
    lexemes = " <-> ".join(_lexeme(term) for term in phrase.terms)
    return f"({lexemes}{':*' if phrase.prefix else ''})"


def _lexeme(term: str) -> str:
    quoted = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}'"


_SYNTAX = Syntax(phrase=_phrase, both=" & ", either=" | ", but_not=" & !")
