"""Questions that are kept under a name, and what they have to find."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from indexer.errors import SavedQueryError
from indexer.store.base import now
from indexer.store.notes_schema import ExpectedAnswerRow, ReportedContentRow, SavedQueryRow
from indexer.store.stored_moment import StoredMoment


@dataclass(frozen=True)
class SavedQuery:
    """A question with a name."""

    name: str
    text: str
    standing: bool = False
    """Whether digests tell what is new of it."""
    expected: tuple[StoredMoment, ...] = ()
    created_at: datetime | None = None
    digested_at: datetime | None = None
    """UTC; None before the first digest."""


class SavedQueries:
    """Of one library. Each method is one short transaction; no lock is needed."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def list(self) -> list[SavedQuery]:
        """All, by name."""
        with self._sessions() as session:
            rows = session.scalars(select(SavedQueryRow).order_by(SavedQueryRow.name)).all()
            return [_record(session, row) for row in rows]

    def get(self, name: str) -> SavedQuery:
        """Raises SavedQueryError when there is none of this name."""
        with self._sessions() as session:
            return _record(session, _row(session, name))

    def save(self, query: SavedQuery, *, replace: bool = False) -> None:
        """Enter a query with what it has to find. Raises SavedQueryError when the name is taken.

        With `replace` it takes the place of the one of its name; what digests have told stays.
        """
        name = clean_name(query.name)
        with self._sessions.begin() as session:
            row = session.scalar(select(SavedQueryRow).where(SavedQueryRow.name == name))
            if row is not None and not replace:
                raise SavedQueryError(
                    f"There is a saved query {name!r} already. Take another name, or remove it "
                    "first with `videobert query remove`."
                )
            row = row or SavedQueryRow(name=name)
            row.text, row.standing = query.text, query.standing
            session.add(row)
            session.flush()
            session.execute(delete(ExpectedAnswerRow).where(ExpectedAnswerRow.query_id == row.id))
            _expect(session, row.id, query.expected)

    def expect(self, name: str, moments: Iterable[StoredMoment]) -> None:
        """Add moments that a query has to find. Raises SavedQueryError."""
        with self._sessions.begin() as session:
            _expect(session, _row(session, name).id, moments)

    def remove(self, name: str) -> None:
        """Raises SavedQueryError when there is none of this name."""
        with self._sessions.begin() as session:
            session.delete(_row(session, name))

    def reported(self, name: str) -> frozenset[str]:
        """Contents that digests of a query have told of. Raises SavedQueryError."""
        with self._sessions() as session:
            statement = select(ReportedContentRow.content)
            of_query = ReportedContentRow.query_id == _row(session, name).id
            return frozenset(session.scalars(statement.where(of_query)))

    def report(self, name: str, contents: Collection[str]) -> None:
        """Note that a digest has told of these contents. Raises SavedQueryError."""
        with self._sessions.begin() as session:
            row = _row(session, name)
            row.digested_at = now()
            for content in set(contents):
                session.merge(ReportedContentRow(query_id=row.id, content=content))


def clean_name(name: str) -> str:
    """A query's name: NFC, single spaces. Raises SavedQueryError when nothing is left."""
    cleaned = " ".join(normalize("NFC", name).split())
    if not cleaned or not cleaned.isprintable():
        raise SavedQueryError(f"{name!r} is no name for a query. Use letters and digits.")
    return cleaned


def _row(session: Session, name: str) -> SavedQueryRow:
    statement = select(SavedQueryRow).where(SavedQueryRow.name == clean_name(name))
    row = session.scalar(statement)
    if row is None:
        raise SavedQueryError(
            f"There is no saved query {name!r}. `videobert query list` names those there are."
        )
    return row


def _expect(session: Session, query_id: int, moments: Iterable[StoredMoment]) -> None:
    of_query = ExpectedAnswerRow.query_id == query_id
    rows = session.scalars(select(ExpectedAnswerRow).where(of_query))
    have = {(row.content, row.start_s, row.end_s) for row in rows}
    for moment in moments:
        key = (moment.content, moment.start_s, moment.end_s)
        if key not in have:
            session.add(ExpectedAnswerRow(query_id=query_id, **vars(moment)))
            have.add(key)


def _record(session: Session, row: SavedQueryRow) -> SavedQuery:
    statement = select(ExpectedAnswerRow).where(ExpectedAnswerRow.query_id == row.id)
    expected = tuple(
        StoredMoment(one.content, one.start_s, one.end_s, one.path)
        for one in session.scalars(statement.order_by(ExpectedAnswerRow.id))
    )
    return SavedQuery(row.name, row.text, row.standing, expected, row.created_at, row.digested_at)
