"""The matches between videos in a catalog."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, fields

from sqlalchemy import Select, delete, exists, func, insert, or_, select
from sqlalchemy.orm import Session, sessionmaker

from indexer.copies.groups import Member
from indexer.copies.match import Kind, Match
from indexer.store.batches import batched
from indexer.store.schema import Copy, File, Source, Video

CHANNEL = "copies"
"""Under which `sources` says which videos were compared, and how."""
_COLUMNS = [getattr(Copy, field.name) for field in fields(Match)]


class Copies:
    """All that is read of them; `CopiesWriter` adds what changes them."""

    def __init__(self, session: sessionmaker[Session]) -> None:
        self._session = session

    def matches(self, kinds: Collection[Kind] = tuple(Kind)) -> list[Match]:
        """What is known, of these kinds, between videos that have files."""
        with self._session() as session:
            rows = session.execute(_matches(kinds)).all()
        return [Match(**{**row._asdict(), "kind": Kind(row.kind)}) for row in rows]

    def members(self, videos: Collection[int]) -> dict[int, Member]:
        """Videos by id, with all their paths."""
        found: dict[int, Member] = {}
        with self._session() as session:
            for batch in batched(videos):
                paths: dict[int, list[str]] = {}
                located = select(File.video_id, File.path).where(File.video_id.in_(batch))
                for video_id, path in session.execute(located.order_by(File.path)):
                    if video_id is not None:
                        paths.setdefault(video_id, []).append(path)
                for video in session.scalars(select(Video).where(Video.id.in_(batch))):
                    found[video.id] = _member(video, tuple(paths.get(video.id, ())))
        return found

    def in_several_files(self) -> list[int]:
        """Ids of the videos that lie in more than one file, ascending."""
        several = (
            select(File.video_id)
            .where(File.video_id.is_not(None))
            .group_by(File.video_id)
            .having(func.count() > 1)
            .order_by(File.video_id)
        )
        with self._session() as session:
            return [video for video in session.scalars(several) if video is not None]

    def compared(self, key: str) -> set[int]:
        """Ids of the videos that were compared with all others in the way `key` names."""
        statement = select(Source.video_id).where(Source.channel == CHANNEL, Source.key == key)
        with self._session() as session:
            return set(session.scalars(statement))


class CopiesWriter(Copies):
    """For the holder of the library's lock. Each method is one transaction."""

    def add(self, key: str, new: Collection[int], matches: Iterable[Match]) -> None:
        """Put the matches of the `new` videos in the place of those that they had.

        Videos without a file were not compared with these: when they come back, they are new.
        """
        absent = ~exists().where(File.video_id == Source.video_id)
        with self._session.begin() as session:
            session.execute(delete(Source).where(Source.channel == CHANNEL, absent))
            for batch in batched(new):
                session.execute(delete(Copy).where(or_(Copy.a.in_(batch), Copy.b.in_(batch))))
                done = (Source.channel == CHANNEL, Source.video_id.in_(batch))
                session.execute(delete(Source).where(*done))
                rows = [
                    {"video_id": video, "channel": CHANNEL, "key": key, "description": ""}
                    for video in batch
                ]
                session.execute(insert(Source), rows)
            for found in batched(matches):
                session.execute(insert(Copy), [asdict(match) for match in found])


def _matches(kinds: Collection[Kind]) -> Select[*tuple[object, ...]]:
    present = (exists().where(File.video_id == side) for side in (Copy.a, Copy.b))
    return select(*_COLUMNS).where(Copy.kind.in_([*kinds]), *present).order_by(Copy.id)


def _member(video: Video, paths: tuple[str, ...]) -> Member:
    return Member(
        video=video.id,
        width=video.width,
        height=video.height,
        duration_s=video.duration_s,
        size_bytes=video.size_bytes,
        paths=paths,
    )
