"""Decides what each new or touched file needs: a row, a shard that is there, or decoding."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from indexer.errors import CorruptShard, IndexerError, MediaError, UnreadableFile
from indexer.hashing import content_hash
from indexer.media.discovery import FoundVideo, find_videos
from indexer.media.jobs import DecodeJob
from indexer.progress import Progress
from indexer.readings import Readings
from indexer.reencoding import reencode
from indexer.report import Failure, Report
from indexer.scanning import RETRIED, Changes
from indexer.store.records import FileRecord
from indexer.store.shards import Shard, read_shard, write_shard
from indexer.store.writer import LibraryWriter
from model.encoder import Encoder
from model.interrupts import uninterrupted

_LOOKAHEAD = 4  # files hashed before they are needed


class Intake:
    """Turns the changes of a scan into decoding jobs; what needs none is settled on the way."""

    def __init__(
        self,
        library: LibraryWriter,
        encoder: Encoder,
        changes: Changes,
        report: Report,
        progress: Progress,
        readings: Readings,
    ) -> None:
        self._library = library
        self._encoder = encoder
        self._changes = changes
        self._report = report
        self._progress = progress
        self._settled = changes.settled
        self._encoded = library.catalog.encoded(encoder.fingerprint)
        self._readings = readings
        self._moved = Counter(r.content for r in changes.missing if r.content is not None)
        self._waiting: dict[str, list[FoundVideo]] = {}

    def jobs(self) -> Generator[DecodeJob, None, None]:
        """What has to be decoded; each job's key is the content hash."""
        for file, hashed in _ahead(self._content, self._changes.new):
            try:
                content = hashed.result()
            except MediaError as error:
                self._fail(file, error)
                continue
            if content in self._waiting:  # a twin of a file that is being decoded
                self._waiting[content].append(file)
            elif content in self._settled:
                self._settle(file, content)
            elif job := self._job(file, content):
                self._waiting[content] = [file]
                yield job

    def files(self, content: str, decoded: Path) -> list[FoundVideo]:
        """The files that wait for a content, of which `decoded` was read; they wait no longer.

        One that was written to meanwhile fails, and its copies with it when it is `decoded`: what
        was decoded is not what was hashed.
        """
        waiting = self._waiting.pop(content)
        intact = [file for file in waiting if _is_as_found(file)]
        if decoded not in [file.path for file in intact]:
            intact = []
        for file in waiting:
            if file not in intact:
                reason = "it, or a copy of it, changed while it was read"
                self._fail(file, UnreadableFile(file.path, reason, "Run again."))
        return intact

    def done(self, content: str, files: list[FoundVideo]) -> None:
        """A content was encoded and entered with these files."""
        self._settled.add(content)
        for twin in files[1:]:
            self._count(twin, content)
            self._progress.finished(twin.size_bytes, twin.path.name)
        self._progress.finished(files[0].size_bytes, files[0].path.name)

    @uninterrupted()
    def fail(self, job: DecodeJob, error: MediaError) -> None:
        """A content could not be decoded: every file that holds it has failed.

        Unless it is encoded already: then it only goes without words, which is a warning.
        """
        content = str(job.key)
        for file in self._waiting.pop(content):
            own = type(error)(file.path, error.reason, error.remedy)
            if job.frames:
                self._fail(file, own)
                continue
            self._report.warnings[str(file.path)] = (f"cannot be read again: {error.reason}",)
            self._library.catalog.put_files([file_record(file, content)])
            self._progress.finished(file.size_bytes, file.path.name)
        if not job.frames and error.code not in RETRIED:
            self._readings.give_up(content, job.parts)

    def _content(self, file: FoundVideo) -> str:
        """Its hash; that of an untouched file is known, so that a new model reads no video."""
        record = self._changes.known.get(str(file.path))
        if record is not None and record.content is not None and _is_untouched(file, record):
            return record.content
        return content_hash(file.path)

    @uninterrupted()
    def _job(self, file: FoundVideo, content: str) -> DecodeJob | None:
        """What has to be decoded of a content; None where all is at hand, and entered."""
        known = content in self._encoded
        made = known or self._restore(file, content) or self._reencode(file, content)
        parts = self._readings.missing(content)
        if made and not parts:
            self._readings.adopt(content)
            self._settled.add(content)
            if known:
                self._settle(file, content)
            else:
                self._progress.finished(file.size_bytes, file.path.name)
            return None
        artwork = None if made else self._library.paths.artwork(content)
        return DecodeJob(file.path, artwork, key=content, frames=not made, parts=parts)

    @uninterrupted()
    def _settle(self, file: FoundVideo, content: str) -> None:
        """A content that is known, under a name that is not, or that was touched."""
        self._library.catalog.put_files([file_record(file, content)])
        self._count(file, content)
        self._progress.finished(file.size_bytes, file.path.name)

    def _count(self, file: FoundVideo, content: str) -> None:
        if self._known_as(file, content):
            self._report.unchanged += 1
        elif self._moved[content]:
            self._moved[content] -= 1
            self._report.renamed += 1
        else:
            self._report.copied += 1

    def _known_as(self, file: FoundVideo, content: str) -> bool:
        known = self._changes.known.get(str(file.path))
        return known is not None and known.content == content

    def _restore(self, file: FoundVideo, content: str) -> bool:
        """Whether the content's shard lies there already, and could be entered."""
        path = self._library.paths.shard(self._encoder.fingerprint, content)
        try:
            shard = read_shard(path)
        except FileNotFoundError:
            return False
        except CorruptShard:
            path.unlink()  # it is made again from the video, which is at hand
            return False
        self._enter(shard, file)
        self._report.restored += 1
        return True

    def _reencode(self, file: FoundVideo, content: str) -> bool:
        """Whether the content's shard could be made of another encoder's, and was."""
        shard = reencode(self._library.paths, content, self._encoder)
        if shard is None:
            return False
        write_shard(self._library.paths.shard(shard.encoder, content), shard)
        self._enter(shard, file)
        self._report.reencoded += 1
        return True

    def _enter(self, shard: Shard, file: FoundVideo) -> None:
        self._library.catalog.add_shard(shard, [file_record(file, shard.content)])
        self._encoded.add(shard.content)

    @uninterrupted()
    def _fail(self, file: FoundVideo, error: IndexerError) -> None:
        self._report.failed.append(Failure.of(str(file.path), error))
        self._library.catalog.put_files([file_record(file, None, error)])
        self._progress.finished(file.size_bytes, file.path.name)


def file_record(
    file: FoundVideo, content: str | None, error: IndexerError | None = None
) -> FileRecord:
    """The catalog's row for a file as it was found."""
    code, message = (error.code, str(error)) if error else (None, None)
    return FileRecord(str(file.path), file.size_bytes, file.mtime_ns, content, code, message)


def _is_as_found(file: FoundVideo) -> bool:
    return next(find_videos(file.path), None) == file


def _is_untouched(file: FoundVideo, record: FileRecord) -> bool:
    return (record.size_bytes, record.mtime_ns) == (file.size_bytes, file.mtime_ns)


def _ahead(
    content: Callable[[FoundVideo], str], files: Iterable[FoundVideo]
) -> Iterator[tuple[FoundVideo, Future[str]]]:
    """Files in order with their hashes to be, a few of them computed ahead in a thread."""
    window: deque[tuple[FoundVideo, Future[str]]] = deque()
    thread = ThreadPoolExecutor(1, "hash")
    try:
        for file in files:
            window.append((file, thread.submit(content, file)))
            if len(window) > _LOOKAHEAD:
                yield window.popleft()
        yield from window
    finally:
        thread.shutdown(cancel_futures=True)  # Ctrl-C waits for one file at most
