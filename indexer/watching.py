"""What a teacher sees of the library's videos; it is kept, for its eyes are slow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.assembly import Assembly
from indexer.errors import CorruptShard
from indexer.media.isolation import DecoderPool
from indexer.media.jobs import DecodeJob, Failed, Finished, Frames
from indexer.report import Failure
from indexer.store.paths import LibraryPaths
from indexer.store.shards import Shard, read_shard, write_shard
from model.encoder import Encoder

Say = Callable[[str], None]


@dataclass(frozen=True)
class WatchedVideo:
    """A video of the library that is to be looked at."""

    content: str
    size_bytes: int
    tokens: int
    files: list[Path]
    """That hold it, one or more."""

    @property
    def file(self) -> Path:
        """One that is there, if any is."""
        return next((file for file in self.files if file.exists()), self.files[0])


def watch(
    paths: LibraryPaths,
    teacher: Encoder,
    videos: Sequence[WatchedVideo],
    failed: list[Failure],
    say: Say = lambda line: None,
) -> Iterator[Shard]:
    """A shard by `teacher` for each of `videos`, in any order.

    Those that an earlier run made, or the indexer when the teacher was the library's model, are
    taken as they are. A file that cannot be read is noted in `failed` and left out.
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
    sizes = {video.content: video.size_bytes for video in videos}
    jobs = [DecodeJob(video.file, key=video.content) for video in videos]
    with DecoderPool(size=teacher.frame_size) as pool:
        for event in pool.decode(jobs):
            content = str(event.job.key)
            if isinstance(event, Frames):
                assembly.add(content, event)
            elif isinstance(event, Failed):
                assembly.drop(content)
                failed.append(Failure.of(str(event.job.path), event.error))
            elif isinstance(event, Finished):
                shard = assembly.finish(content, event.info, sizes[content])
                write_shard(_place(paths, teacher, content), shard)
                yield shard


def _place(paths: LibraryPaths, teacher: Encoder, content: str) -> Path:
    """Beside the runs: what belongs to no generation would be cleared away among the shards."""
    return paths.training / "teachers" / teacher.fingerprint / f"{content}.safetensors"


def _kept(paths: LibraryPaths, teacher: Encoder, content: str) -> Shard | None:
    for path in (_place(paths, teacher, content), paths.shard(teacher.fingerprint, content)):
        try:
            return read_shard(path)
        except (FileNotFoundError, CorruptShard):
            continue  # it is made again
    return None
