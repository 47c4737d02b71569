"""The nightly job: rescan, encode what is new, verify a candidate, switch, keep the last three."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from indexer.errors import CorruptShard, LibraryMismatch, LibraryNotFound
from indexer.pipeline import refresh
from indexer.progress import Progress
from indexer.report import Report
from indexer.store.config import LibraryConfig
from indexer.store.library import Library
from indexer.store.paths import LibraryPaths
from indexer.store.publisher import (
    Publisher,
    current_generation,
    generation_numbers,
    set_current,
)
from indexer.store.shards import read_shard
from indexer.store.writer import LibraryWriter, open_for_writing
from indexer.verification import NightlyVerification
from model.encoder import Encoder


def rebuild(root: Path, encoder: Encoder, progress: Progress | None = None) -> Report:
    """Bring every place of the library up to date and make a verified generation live.

    The vectors are put together anew from the shards, each of which is read and checked; a video
    whose shard is damaged or gone is read again. Raises LibraryNotFound when there is no library,
    GenerationRefused when the candidate fails a check: the live generation then serves on.
    """
    if not LibraryPaths(root).catalog.exists():
        raise LibraryNotFound(f"{root}: no library here yet. Run `videobert index FOLDER` first.")
    with open_for_writing(root) as library, progress or Progress(quiet=True) as bar:
        _retire_damaged_shards(library, encoder.fingerprint)
        report = refresh(library, _places(library), encoder, bar)
        publisher = Publisher(library.paths, library.catalog, encoder.fingerprint, encoder.dim)
        verify = NightlyVerification(library.paths, library.catalog, encoder)
        report.generation = publisher.publish(verify, from_shards=True)
        publisher.prune()
        report.clips = library.catalog.census(report.generation)[0]
    return report


def rollback(root: Path, number: int | None = None) -> int:
    """Make an earlier generation live: `number`, or the one before the live one.

    Returns its number. Raises LibraryMismatch when it is not kept or cannot be opened; what was
    live then stays live.
    """
    with open_for_writing(root) as library:
        before = current_generation(library.paths)
        numbers = sorted(generation_numbers(library.paths))
        earlier = [n for n in numbers if before is not None and n < before]
        target = number if number is not None else (earlier or [None])[-1]
        if target not in numbers:
            raise LibraryMismatch(
                f"{root}: generation {target or 'before the live one'} is not kept; "
                f"there are {', '.join(map(str, numbers)) or 'none'}."
            )
        set_current(library.paths, target)
        try:
            Library.open(root).close()
        except LibraryMismatch:
            if before is not None:
                set_current(library.paths, before)
            raise
    return target


def forget(root: Path, place: Path) -> int:
    """Take a folder or file out of the library; returns how many files were forgotten.

    The videos are no longer found once the next `index` or `rebuild` has run.
    """
    from indexer.store.config import remove_root

    with open_for_writing(root) as library:
        remove_root(library.paths.config, place)
        below = [p for p in library.catalog.files() if Path(p).is_relative_to(place)]
        library.catalog.remove_files(below)
    return len(below)


def _places(library: LibraryWriter) -> Iterable[Path]:
    """The library's folders, and the files that were added one by one."""
    roots = LibraryConfig.load(library.paths.config).roots
    files = (Path(path) for path in library.catalog.files())
    singles = [path for path in files if not any(path.is_relative_to(root) for root in roots)]
    return [*roots, *singles]


def _retire_damaged_shards(library: LibraryWriter, encoder: str) -> None:
    """Shards that are gone or damaged make their videos count as not encoded."""
    damaged = []
    for encoding in library.catalog.live_encodings(encoder):
        path = library.paths.shard(encoder, encoding.content)
        try:
            intact = read_shard(path).checksum == encoding.checksum
        except (FileNotFoundError, CorruptShard):
            intact = False
        if not intact:
            path.unlink(missing_ok=True)
            damaged.append(encoding.id)
    library.catalog.retire(damaged)
