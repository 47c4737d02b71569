"""What a teacher sees of the library's videos; it is kept, for its eyes are slow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.assembly import Assembly
from indexer.errors import CorruptShard, MediaError, UnreadableFile
from indexer.media.discovery import FoundVideo, find_videos
from indexer.media.isolation import DecoderPool
from indexer.media.jobs import DecodeJob, Failed, Finished, Frames
from indexer.report import Failure
from indexer.store.paths import LibraryPaths
from indexer.store.records import FileRecord
from indexer.store.shards import Shard, read_shard, write_shard
from model.encoder import Encoder

Say = Callable[[str], None]


@dataclass(frozen=True)
class WatchedVideo:
    """A video of the library that is to be looked at."""

    content: str
    tokens: int
    files: list[FileRecord]
    """That hold it, one or more."""

    def file(self) -> FileRecord:
        """One that is as it was indexed. Raises MediaError, about the first, when none is."""
        troubles = [_trouble(file) for file in self.files]
        if None in troubles:
            return self.files[troubles.index(None)]
        raise next(trouble for trouble in troubles if trouble)


def watch(
    paths: LibraryPaths,
    teacher: Encoder,
    videos: Sequence[WatchedVideo],
    failed: list[Failure],
    say: Say = lambda line: None,
) -> Iterator[Shard]:
    """A shard by `teacher` for each of `videos`, in any order.

    Those that an earlier run made, or the indexer when the teacher was the library's model, are
    taken as they are. A file that cannot be read, or is another than was indexed, is noted in
    `failed` and left out.
    """
    left = []
    for video in videos:
        shard = _kept(paths, teacher, video.content)
        if shard is None:
            left.append(video)
        else:
            yield shard
    for done, shard in enumerate(_decoded(paths, teacher, left, failed), start=1):
        say(f"{done}/{len(left)} videos looked at")
        yield shard


def _decoded(
    paths: LibraryPaths, teacher: Encoder, videos: Sequence[WatchedVideo], failed: list[Failure]
) -> Iterator[Shard]:
    assembly = Assembly(teacher)
    files: dict[str, FileRecord] = {}
    jobs = _jobs(videos, files, failed)
    with DecoderPool(size=teacher.frame_size) as pool:
        for event in pool.decode(jobs):
            content = str(event.job.key)
            if isinstance(event, Frames):
                assembly.add(content, event)
            elif isinstance(event, Failed):
                assembly.drop(content)
                failed.append(Failure.of(str(event.job.path), event.error))
            elif isinstance(event, Finished):
                if trouble := _trouble(files[content]):  # what was decoded is something else
                    assembly.drop(content)
                    failed.append(Failure.of(files[content].path, trouble))
                    continue
                shard = assembly.finish(content, event.info, files[content].size_bytes)
                write_shard(_place(paths, teacher, content), shard)
                yield shard


def _jobs(
    videos: Sequence[WatchedVideo], files: dict[str, FileRecord], failed: list[Failure]
) -> Iterator[DecodeJob]:
    """What is to be decoded; `files` says by content which copy it is."""
    for video in videos:
        try:
            files[video.content] = file = video.file()
        except MediaError as error:
            failed.append(Failure.of(video.files[0].path, error))
            continue
        yield DecodeJob(Path(file.path), key=video.content)


def _trouble(file: FileRecord) -> MediaError | None:
    """Why a file is not to be taken for what was indexed, if so."""
    found = next(find_videos(file.path), None)
    if isinstance(found, MediaError):
        return found
    indexed = FoundVideo(Path(file.path), file.size_bytes, file.mtime_ns)
    if found == indexed:
        return None
    reason = "it changed since it was indexed"
    return UnreadableFile(file.path, reason, "Run `videobert index` on it.")


def _place(paths: LibraryPaths, teacher: Encoder, content: str) -> Path:
    """Beside the runs: what belongs to no generation would be cleared away among the shards."""
    return paths.teachers / teacher.fingerprint / f"{content}.safetensors"


def _kept(paths: LibraryPaths, teacher: Encoder, content: str) -> Shard | None:
    for path in (_place(paths, teacher, content), paths.shard(teacher.fingerprint, content)):
        try:
            return read_shard(path)
        except (FileNotFoundError, CorruptShard):
            continue  # it is made again
    return None
