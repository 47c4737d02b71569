"""The SQL tables of what people noted about their questions.

saved_queries 1-n expected_answers     the moments that it has to find
saved_queries 1-n reported_contents    what its digests have told of
judgements                             thumbs, by the question's words

Moments are named by content and times: ids of videos and clips do not survive a rebuilt catalog,
and a file that moves keeps its content. No foreign key: a content that is gone may come back.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from indexer.store.base import Base, now


class SavedQueryRow(Base):
    """A question with a name."""

    __tablename__ = "saved_queries"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    standing: Mapped[bool]
    """Whether digests tell what is new of it."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    digested_at: Mapped[datetime | None]


class ExpectedAnswerRow(Base):
    """A moment that a saved query has to find."""

    __tablename__ = "expected_answers"
    __table_args__ = (UniqueConstraint("query_id", "content", "start_s", "end_s"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    query_id: Mapped[int] = mapped_column(ForeignKey("saved_queries.id", ondelete="CASCADE"))
    content: Mapped[str]
    start_s: Mapped[float]
    end_s: Mapped[float]
    path: Mapped[str]
    """Where it lay when it was entered."""


class ReportedContentRow(Base):
    """A content that a digest of a standing query has told of."""

    __tablename__ = "reported_contents"

    query_id: Mapped[int] = mapped_column(
        ForeignKey("saved_queries.id", ondelete="CASCADE"), primary_key=True
    )
    content: Mapped[str] = mapped_column(primary_key=True)


class JudgementRow(Base):
    """A thumb, up or down, for one moment as an answer to one question."""

    __tablename__ = "judgements"
    __table_args__ = (UniqueConstraint("query", "content", "start_s", "end_s"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    query: Mapped[str]
    """See `indexer.store.judgements.normalised`."""
    content: Mapped[str]
    start_s: Mapped[float]
    end_s: Mapped[float]
    path: Mapped[str]
    relevant: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(default=now)
