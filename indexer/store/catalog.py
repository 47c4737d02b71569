"""The catalog: the SQL side of a library, spoken to in records."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session, sessionmaker

from indexer.store import queries
from indexer.store.batches import batched
from indexer.store.database import open_database, prepare
from indexer.store.records import ClipRecord, EncodingRecord, FileRecord, Garbage, VideoRecord
from indexer.store.schema import Clip, Encoding, File, Generation, Member, Run, Video
from indexer.store.shards import Shard


class Catalog:
    """Reads are for everyone; methods that write are for the holder of the library's lock."""

    def __init__(self, path: Path, *, writable: bool) -> None:
        """Raises LibraryMismatch when the database is damaged, or of another version."""
        self._engine = open_database(path)
        try:
            prepare(self._engine, path, writable=writable)
        except BaseException:
            self._engine.dispose()
            raise
        self._session: sessionmaker[Session] = sessionmaker(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    # files

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

    def encoded(self, encoder: str) -> set[str]:
        """Contents that have a shard of `encoder`."""
        statement = (
            select(Video.content)
            .join(Encoding, Encoding.video_id == Video.id)
            .where(Encoding.encoder == encoder, ~Encoding.retired)
        )
        with self._session() as session:
            return set(session.scalars(statement))

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

    def census(self, generation: int) -> tuple[int, int]:
        """(number, sum of ids) of the clips that a generation should hold."""
        with self._session() as session:
            count, total = session.execute(queries.generation_census(generation)).one()
        return int(count), int(total)

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

    # what searching needs

    def clips(self, ids: Collection[int]) -> dict[int, ClipRecord]:
        """Clips by id; ids that are not there are left out."""
        found: dict[int, ClipRecord] = {}
        with self._session() as session:
            for batch in batched(ids):
                for clip, video_id in session.execute(queries.clips_with_videos(batch)):
                    found[clip.id] = _clip_record(clip, video_id)
        return found

    def clip_at(self, video_id: int, encoder: str, seconds: float) -> ClipRecord | None:
        """The clip of a video around `seconds`."""
        with self._session() as session:
            clip = session.scalar(queries.clip_at(video_id, encoder, seconds))
            return None if clip is None else _clip_record(clip, video_id)

    def videos(self, ids: Collection[int]) -> dict[int, VideoRecord]:
        """Videos by id; those without a file are left out."""
        found: dict[int, VideoRecord] = {}
        with self._session() as session:
            for batch in batched(ids):
                for video, path in session.execute(queries.videos_with_paths(batch)):
                    found[video.id] = _video_record(video, path)
        return found

    def list_videos(self, after_id: int = 0, limit: int = 50) -> list[VideoRecord]:
        """Up to `limit` videos with an id above `after_id`, by id."""
        statement = (
            queries.videos_with_paths().where(Video.id > after_id).order_by(Video.id).limit(limit)
        )
        with self._session() as session:
            return [_video_record(*row) for row in session.execute(statement)]

    def newest_videos(self, limit: int) -> list[VideoRecord]:
        """The videos that were added last, newest first."""
        statement = queries.videos_with_paths().order_by(Video.id.desc()).limit(limit)
        with self._session() as session:
            return [_video_record(*row) for row in session.execute(statement)]

    def paths(self) -> dict[str, int]:
        """Every path with its video's id."""
        statement = select(File.path, Video.id).join(Video, File.video_id == Video.id)
        with self._session() as session:
            return dict(session.execute(statement).tuples())

    def counts(self) -> dict[str, int]:
        """Number of videos that have a file, of files, and of files that failed."""
        with self._session() as session:
            return {
                "videos": session.scalar(select(func.count(File.video_id.distinct()))) or 0,
                "files": session.scalar(select(func.count(File.id))) or 0,
                "failed": session.scalar(select(func.count(File.error_code))) or 0,
            }

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


def _clip_record(clip: Clip, video_id: int) -> ClipRecord:
    return ClipRecord(clip.id, video_id, clip.position, clip.start_s, clip.end_s)


def _video_record(video: Video, path: str) -> VideoRecord:
    return VideoRecord(
        video.id,
        video.content,
        path,
        video.size_bytes,
        video.duration_s,
        video.width,
        video.height,
        video.codec,
        video.container,
    )
