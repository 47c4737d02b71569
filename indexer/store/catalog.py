"""The catalog as everyone may read it: the SQL side of a library, spoken to in records."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import func, select

from indexer.store import filter_queries, queries
from indexer.store.batches import batched
from indexer.store.clip_rows import CLIP, Clips
from indexer.store.copies import Copies
from indexer.store.database import Sessions, open_database, prepare
from indexer.store.filters import Filters
from indexer.store.records import ClipRecord, EncodingRecord, FileRecord, VideoRecord
from indexer.store.schema import Encoding, File, Video
from indexer.store.words import Words


class Catalog:
    """All that is read of it; `CatalogWriter` adds what changes it."""

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        """Raises LibraryMismatch when the database is damaged, or of another version."""
        self._engine = open_database(path)
        try:
            prepare(self._engine, path, writable=writable)
        except BaseException:
            self._engine.dispose()
            raise
        self._session = Sessions(self._engine)
        self.words = Words(self._session)
        """What the videos say, show in writing and are called."""
        self.copies = Copies(self._session)
        """What they have in common."""

    def close(self) -> None:
        self._engine.dispose()

    def clips(self, ids: Collection[int]) -> dict[int, ClipRecord]:
        """Clips by id; ids that are not there are left out."""
        found: dict[int, ClipRecord] = {}
        with self._session() as session:
            for batch in batched(ids):
                for row in session.execute(queries.clips_with_ids(batch)):
                    found[row[0]] = ClipRecord(*row)
        return found

    def clips_of(self, videos: Collection[int], encoder: str) -> dict[int, list[ClipRecord]]:
        """Video id -> all its clips, by position; without videos that have none."""
        found: dict[int, list[ClipRecord]] = {}
        with self._session() as session:
            for batch in batched(videos):
                for row in session.execute(queries.clips_of(batch, encoder)):
                    found.setdefault(row[1], []).append(ClipRecord(*row))
        return found

    def videos(self, ids: Collection[int]) -> dict[int, VideoRecord]:
        """Videos by id; those without a file are left out."""
        found: dict[int, VideoRecord] = {}
        with self._session() as session:
            for batch in batched(ids):
                for row in session.execute(queries.videos_with_paths(batch)):
                    found[row[0]] = VideoRecord(*row)
        return found

    def with_files(self, videos: Collection[int]) -> set[int]:
        """Those of these videos that have a file."""
        found: set[int] = set()
        with self._session() as session:
            for batch in batched(videos):
                found.update(i for i in session.scalars(queries.with_files(batch)) if i is not None)
        return found

    def list_videos(self, after_id: int = 0, limit: int = 50) -> list[VideoRecord]:
        """Up to `limit` videos with an id above `after_id`, by id."""
        statement = (
            queries.videos_with_paths().where(Video.id > after_id).order_by(Video.id).limit(limit)
        )
        with self._session() as session:
            return [VideoRecord(*row) for row in session.execute(statement)]

    def newest_videos(self, limit: int) -> list[VideoRecord]:
        """The videos that were added last, newest first."""
        statement = queries.videos_with_paths().order_by(Video.id.desc()).limit(limit)
        with self._session() as session:
            return [VideoRecord(*row) for row in session.execute(statement)]

    def ids_of(self, contents: Collection[str]) -> dict[str, int]:
        """Video ids by content; without those that have no file."""
        found: dict[str, int] = {}
        with self._session() as session:
            for batch in batched(contents):
                found |= dict(session.execute(queries.ids_of(batch)).all())
        return found

    def paths(self) -> dict[str, int]:
        """Every path with its video's id."""
        statement = select(File.path, Video.id).join(Video, File.video_id == Video.id)
        with self._session() as session:
            return dict(session.execute(statement).all())

    def filtered_videos(self, filters: Filters) -> frozenset[int]:
        """Ids of the videos that `filters` let through."""
        with self._session() as session:
            return frozenset(session.scalars(filter_queries.filtered_videos(filters)))

    def clips_within(self, videos: Collection[int], generation: int) -> list[int]:
        """Ids of the clips of `videos` in a generation."""
        found: list[int] = []
        with self._session() as session:
            for batch in batched(videos):
                found += session.scalars(queries.clips_within(batch, generation))
        return found

    def clips_in(self, generation: int) -> Clips:
        """All clips of a generation, unordered."""
        with self._session() as session:
            # the driver's own rows: SQLAlchemy's take three times as long
            rows: Any = session.connection().execute(queries.clips_in(generation)).cursor
            return np.fromiter(rows, CLIP)

    def counts(self) -> dict[str, int]:
        """Number of videos that have a file, of files, and of files that failed."""
        with self._session() as session:
            return {
                "videos": session.scalar(select(func.count(File.video_id.distinct()))) or 0,
                "files": session.scalar(select(func.count(File.id))) or 0,
                "failed": session.scalar(select(func.count(File.error_code))) or 0,
            }

    def census(self, generation: int) -> tuple[int, int]:
        """(number, sum of ids) of the clips that a generation should hold."""
        with self._session() as session:
            count, total = session.execute(queries.generation_census(generation)).one()
        return int(count), int(total)

    # what indexing needs

    def files(self) -> dict[str, FileRecord]:
        """Every known path."""
        statement = select(File, Video.content).outerjoin(Video, File.video_id == Video.id)
        with self._session() as session:
            return {
                file.path: FileRecord(
                    file.path, file.size_bytes, file.mtime_ns, content, file.error_code, file.error
                )
                for file, content in session.execute(statement)
            }

    def encoded(self, encoder: str) -> set[str]:
        """Contents that have a shard of `encoder`."""
        statement = (
            select(Video.content)
            .join(Encoding, Encoding.video_id == Video.id)
            .where(Encoding.encoder == encoder, ~Encoding.retired)
        )
        with self._session() as session:
            return set(session.scalars(statement))

    def live_encodings(self, encoder: str) -> list[EncodingRecord]:
        """The shards that the next generation of `encoder` is made of."""
        with self._session() as session:
            rows = session.execute(queries.live_encodings(encoder)).all()
        return [EncodingRecord(*row) for row in rows]

    def members(self, generation: int) -> set[int]:
        """Ids of the encodings in a generation."""
        with self._session() as session:
            return set(session.scalars(queries.members_of(generation)))

    def left_behind(self, generation: int, encoder: str, *, same_encoder: bool) -> int:
        """How many videos of a generation have a file, but no shard of `encoder`.

        0 for a generation of `encoder` itself, whose shards were lost, unless `same_encoder`.
        """
        statement = queries.left_behind(generation, encoder)
        if not same_encoder:
            statement = statement.where(Encoding.encoder != encoder)
        with self._session() as session:
            return session.scalar(statement) or 0

    def clip_ids(self, encodings: Collection[int]) -> dict[int, list[int]]:
        """Clip ids of each of these encodings, in order of position."""
        ids: dict[int, list[int]] = {encoding: [] for encoding in encodings}
        with self._session() as session:
            for batch in batched(encodings):
                for clip, encoding in session.execute(queries.clip_ids(batch)):
                    ids[encoding].append(clip)
        return ids
