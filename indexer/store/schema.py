"""The SQL tables of a library's catalog.

videos 1-n files            a content, and the paths under which it lies
videos 1-n encodings        what one encoder made of a content: one shard
encodings 1-n clips         stretches of it; a clip's id is its vector's id
videos 1-n passages         what it says, shows in writing, and is called: searched by words
videos 1-n sources          what the passages of each channel were made from
videos n-n videos           what two of them have in common (copies)
videos 1-1 readings         what was read out of its file besides pictures, and how
videos 1-1 details          what people and cameras said about it: title, time, place
videos 1-n tags             the words by which it was filed
generations n-n encodings   what each kept index generation holds (members)
runs                        what each indexing run reported
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from indexer.store.base import Base, now


class Video(Base):
    """One content, whatever its files are called."""

    __tablename__ = "videos"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the file's bytes, 64 hex digits."""
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    duration_s: Mapped[float]
    width: Mapped[int]
    height: Mapped[int]
    fps: Mapped[float | None]
    codec: Mapped[str]
    container: Mapped[str]
    warnings: Mapped[list[str]]
    created_at: Mapped[datetime] = mapped_column(default=now)


class File(Base):
    """A path below one of the library's roots, with its content or the reason why it has none."""

    __tablename__ = "files"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(unique=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    mtime_ns: Mapped[int] = mapped_column(BigInteger)
    video_id: Mapped[int | None] = mapped_column(ForeignKey("videos.id"), index=True)
    error_code: Mapped[str | None]
    error: Mapped[str | None]


class Encoding(Base):
    """One shard: the vectors that one encoder made of one content."""

    __tablename__ = "encodings"
    __table_args__ = (
        Index(
            "uq_encodings_in_use",
            "video_id",
            "encoder",
            unique=True,
            sqlite_where=text("NOT retired"),
            postgresql_where=text("NOT retired"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id", ondelete="CASCADE"))
    encoder: Mapped[str] = mapped_column(index=True)
    checksum: Mapped[str]
    clip_count: Mapped[int]
    retired: Mapped[bool] = mapped_column(default=False)
    """Its shard was lost: kept for the generations that name it, never part of a new one."""
    created_at: Mapped[datetime] = mapped_column(default=now)


class Clip(Base):
    """A stretch of a video that has a vector. Ids are never used twice: generations name them."""

    __tablename__ = "clips"
    __table_args__ = (
        UniqueConstraint("encoding_id", "position"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    encoding_id: Mapped[int] = mapped_column(ForeignKey("encodings.id", ondelete="CASCADE"))
    position: Mapped[int]
    start_s: Mapped[float]
    end_s: Mapped[float]


class Passage(Base):
    """Words of a video: a sentence said, a line on screen, a name. Ids are never used twice.

    Their terms, which full text finds them by, lie in `passage_terms` (SQLite FTS5, the same row
    ids; a trigger deletes them with their passage) or in the column `terms` (PostgreSQL): neither
    is an ORM table, see `indexer.store.fulltext`.
    """

    __tablename__ = "passages"
    __table_args__ = (
        Index("ix_passages_video_id_channel", "video_id", "channel"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id", ondelete="CASCADE"))
    channel: Mapped[str]
    """`speech`, `screen` or `name`."""
    position: Mapped[int]
    """From 0 within its video and channel."""
    start_s: Mapped[float | None]
    end_s: Mapped[float | None]
    """None for what holds for the whole video."""
    text: Mapped[str]
    language: Mapped[str] = mapped_column(index=True)
    """Primary language subtag in lower case; empty when it is not known."""
    confidence: Mapped[float | None]
    """0 to 1, of a reader or recogniser; None where a person wrote it."""


class Source(Base):
    """What the passages of one channel of a video were made from."""

    __tablename__ = "sources"

    video_id: Mapped[int] = mapped_column(
        ForeignKey("videos.id", ondelete="CASCADE"), primary_key=True
    )
    channel: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    """Changes whenever the passages have to be made anew."""
    description: Mapped[str]
    """For people: the subtitle file's name, the recogniser's; empty when there is no source."""


class Reading(Base):
    """What was read out of a content besides its pictures; the whole of it lies in `readings/`."""

    __tablename__ = "readings"

    video_id: Mapped[int] = mapped_column(
        ForeignKey("videos.id", ondelete="CASCADE"), primary_key=True
    )
    recipes: Mapped[dict[str, Any]]
    """Part -> how it was read: a part that is missing or of another recipe is read again."""
    shots: Mapped[list[float]]
    """Start of each shot, seconds."""


class Details(Base):
    """What people and cameras said about a video; text is empty when it is not known."""

    __tablename__ = "details"

    video_id: Mapped[int] = mapped_column(
        ForeignKey("videos.id", ondelete="CASCADE"), primary_key=True
    )
    title: Mapped[str]
    description: Mapped[str]
    recorded_at: Mapped[datetime | None]
    """UTC: SQLite keeps no time zone."""
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    """Degrees, north and east positive."""
    camera: Mapped[str]
    author: Mapped[str]
    language: Mapped[str]
    """Of what is said, as the file claims: primary language subtag in lower case."""
    url: Mapped[str]


class Tag(Base):
    """A word by which a video was filed."""

    __tablename__ = "tags"

    video_id: Mapped[int] = mapped_column(
        ForeignKey("videos.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)
    """Case folded."""


class Copy(Base):
    """A stretch that two videos have in common; see `indexer.copies.match.Match`."""

    __tablename__ = "copies"

    id: Mapped[int] = mapped_column(primary_key=True)
    a: Mapped[int] = mapped_column(ForeignKey("videos.id", ondelete="CASCADE"), index=True)
    b: Mapped[int] = mapped_column(ForeignKey("videos.id", ondelete="CASCADE"), index=True)
    """Of the two ids the larger."""
    a_start_s: Mapped[float]
    a_end_s: Mapped[float]
    b_start_s: Mapped[float]
    b_end_s: Mapped[float]
    similarity: Mapped[float]
    motion: Mapped[float]
    kind: Mapped[str]
    speed: Mapped[float]
    view: Mapped[str]


class Generation(Base):
    """An index generation that was built; CURRENT names the live one."""

    __tablename__ = "generations"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    encoder: Mapped[str]
    clip_count: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Member(Base):
    """One encoding of one generation."""

    __tablename__ = "members"

    generation: Mapped[int] = mapped_column(
        ForeignKey("generations.number", ondelete="CASCADE"), primary_key=True
    )
    encoding_id: Mapped[int] = mapped_column(
        ForeignKey("encodings.id"), primary_key=True, index=True
    )


class Run(Base):
    """One indexing or rebuild run."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    command: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any] | None]
