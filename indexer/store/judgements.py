"""Thumbs, up and down: what people said of answers, kept by the question's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from sqlalchemy import Delete, delete, select
from sqlalchemy.orm import Session, sessionmaker

from indexer.store.notes_schema import JudgementRow
from indexer.store.stored_moment import StoredMoment


@dataclass(frozen=True)
class Judgement:
    """Whether a moment answers a question."""

    moment: StoredMoment
    relevant: bool
    created_at: datetime
    """UTC."""


def normalised(query: str) -> str:
    """The words under which judgements are kept: NFC, single spaces, case folded."""
    return normalize("NFC", " ".join(normalize("NFC", query).split()).casefold())


class Judgements:
    """Of all questions of a library. Each method is one short transaction; no lock is needed."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def list(self, query: str) -> list[Judgement]:
        """What was said of the answers to `query`, oldest first."""
        statement = (
            select(JudgementRow)
            .where(JudgementRow.query == normalised(query))
            .order_by(JudgementRow.id)
        )
        with self._sessions() as session:
            return [_judgement(row) for row in session.scalars(statement)]

    def put(self, query: str, moment: StoredMoment, *, relevant: bool) -> None:
        """Keep a judgement; one of the same moment is replaced."""
        with self._sessions.begin() as session:
            session.execute(_same(query, moment))
            session.add(JudgementRow(query=normalised(query), relevant=relevant, **vars(moment)))

    def remove(self, query: str, moment: StoredMoment) -> bool:
        """Take a judgement back; False where there was none."""
        with self._sessions.begin() as session:
            return bool(session.execute(_same(query, moment).returning(JudgementRow.id)).all())


def _same(query: str, moment: StoredMoment) -> Delete:
    return delete(JudgementRow).where(
        JudgementRow.query == normalised(query),
        JudgementRow.content == moment.content,
        JudgementRow.start_s == moment.start_s,
        JudgementRow.end_s == moment.end_s,
    )


def _judgement(row: JudgementRow) -> Judgement:
    moment = StoredMoment(row.content, row.start_s, row.end_s, row.path)
    return Judgement(moment, row.relevant, row.created_at)
