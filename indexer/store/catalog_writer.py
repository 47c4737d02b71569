"""The catalog as an indexing run changes it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from indexer.store import queries
from indexer.store.batches import batched
from indexer.store.catalog import Catalog
from indexer.store.copies import CopiesWriter
from indexer.store.records import FileRecord, Garbage
from indexer.store.schema import Clip, Encoding, File, Generation, Member, Run, Video
from indexer.store.shards import Shard
from indexer.store.words import WordsWriter


class CatalogWriter(Catalog):
    """For the holder of the library's lock. Each method is one transaction."""

    def __init__(self, path: Path) -> None:
        """Makes the database, or brings its schema up to date. Raises LibraryMismatch."""
        super().__init__(path, writable=True)
        self.words: WordsWriter = WordsWriter(self._session)
        self.copies: CopiesWriter = CopiesWriter(self._session)

    # files

    def put_files(self, records: Iterable[FileRecord]) -> None:
        """Insert or replace what is known of these paths. Their contents must be known."""
        with self._session.begin() as session:
            for record in records:
                self._put_file(session, record)

    def remove_files(self, paths: Collection[str]) -> None:
        """Forget these paths; contents stay until no generation needs them."""
        with self._session.begin() as session:
            for batch in batched(paths):
                session.execute(delete(File).where(File.path.in_(batch)))

    def _put_file(self, session: Session, record: FileRecord) -> None:
        known = session.scalar(select(File).where(File.path == record.path))
        file = known or File(path=record.path)
        file.size_bytes, file.mtime_ns = record.size_bytes, record.mtime_ns
        file.error_code, file.error = record.error_code, record.error
        file.video_id = session.scalar(select(Video.id).where(Video.content == record.content))
        session.add(file)

    # contents

    def add_shard(self, shard: Shard, files: Iterable[FileRecord]) -> None:
        """Enter a shard, its video, its clips and the files that hold its content, in one go."""
        with self._session.begin() as session:
            video = self._video(session, shard)
            encoding = Encoding(
                video_id=video.id,
                encoder=shard.encoder,
                checksum=shard.checksum,
                clip_count=len(shard.clips),
            )
            session.add(encoding)
            session.flush()
            session.execute(insert(Clip), _clip_rows(encoding.id, shard))
            for record in files:
                self._put_file(session, record)

    def retire(self, encodings: Collection[int]) -> None:
        """Leave these out of new generations; their contents count as not encoded."""
        with self._session.begin() as session:
            for batch in batched(encodings):
                session.execute(update(Encoding).where(Encoding.id.in_(batch)).values(retired=True))

    def _video(self, session: Session, shard: Shard) -> Video:
        known = session.scalar(select(Video).where(Video.content == shard.content))
        if known is not None:
            return known
        info = shard.info
        video = Video(
            content=shard.content,
            size_bytes=shard.size_bytes,
            duration_s=info.duration_s,
            width=info.width,
            height=info.height,
            fps=info.fps,
            codec=info.codec,
            container=info.container,
            warnings=list(info.warnings),
        )
        session.add(video)
        session.flush()
        return video

    # generations

    def add_generation(
        self, number: int, encoder: str, clip_count: int, members: Collection[int]
    ) -> None:
        """Enter a generation that is about to be put in place, replacing one never published."""
        with self._session.begin() as session:
            session.execute(delete(Generation).where(Generation.number == number))
            session.add(Generation(number=number, encoder=encoder, clip_count=clip_count))
            session.flush()
            if members:
                rows = [{"generation": number, "encoding_id": member} for member in members]
                session.execute(insert(Member), rows)

    def collect(self, kept: Collection[int], encoder: str) -> Garbage:
        """Drop all but the kept generations, then what neither they nor a new one can name."""
        with self._session.begin() as session:
            session.execute(queries.generations_except(kept))
            encodings = session.execute(queries.unused_encodings(encoder)).all()
            for batch in batched([row.id for row in encodings]):
                session.execute(delete(Encoding).where(Encoding.id.in_(batch)))
            videos = session.execute(queries.unused_videos()).all()
            for batch in batched([row.id for row in videos]):
                session.execute(delete(Video).where(Video.id.in_(batch)))
        shards = [(row.encoder, row.content) for row in encodings if not row.retired]
        return Garbage(shards, [row.content for row in videos])

    # runs

    def start_run(self, command: str) -> int:
        """Note that a run begins; returns its id. One that is killed or refused has no end."""
        with self._session.begin() as session:
            run = Run(command=command)
            session.add(run)
            session.flush()
            return run.id

    def finish_run(self, run_id: int, report: dict[str, Any]) -> None:
        """Note how a run ended."""
        finished = {"finished_at": datetime.now(UTC), "report": report}
        with self._session.begin() as session:
            session.execute(update(Run).where(Run.id == run_id).values(**finished))


def _clip_rows(encoding_id: int, shard: Shard) -> list[dict[str, Any]]:
    return [
        {"encoding_id": encoding_id, "position": i, "start_s": start, "end_s": end}
        for i, (start, end) in enumerate(shard.clip_times.tolist())
    ]
