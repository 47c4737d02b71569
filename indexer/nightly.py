"""The nightly job: rescan, encode what is new, verify a candidate, switch, keep the last three."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from indexer.errors import CorruptShard, LibraryMismatch, LibraryNotFound
from indexer.leftovers import clear_models, clear_runs
from indexer.pipeline import publish, refresh
from indexer.progress import Progress
from indexer.report import Report
from indexer.store.candidate import Accept
from indexer.store.config import LibraryConfig, remove_root
from indexer.store.generation import current_generation, generation_numbers, set_current
from indexer.store.library import Library
from indexer.store.paths import LibraryPaths
from indexer.store.readings import read_reading
from indexer.store.shards import read_shard
from indexer.store.writer import LibraryWriter, open_for_writing
from indexer.verification import NightlyVerification, verify_candidate
from model.encoder import Encoder


def rebuild(
    root: Path,
    encoder: Encoder,
    progress: Progress | None = None,
    accept: Accept | None = None,
) -> Report:
    """Bring every place of the library up to date and make a verified generation live.

    The vectors are put together anew from the shards, each of which is read and checked; a video
    whose shard is damaged or gone is read again. Then what training has left behind is cleared
    away, see `indexer.leftovers`. `accept` asks the candidate before
    it goes live, see `search.golden`. Raises LibraryNotFound when there is no library,
    GenerationRefused when the candidate fails a check: the live generation then serves on.
    """
    _require_library(root)
    with open_for_writing(root) as library, progress or Progress(quiet=True) as bar:
        run = library.catalog.start_run("rebuild")
        _retire_damaged_shards(library, encoder.fingerprint)
        _reread_damaged(library)
        report = refresh(library, _places(library), encoder, bar, thorough=True)
        verify = NightlyVerification(library.paths, library.catalog, encoder)
        publish(library, encoder, report, verify, accept=accept, from_shards=True)
        clear_runs(library.paths, library.catalog)
        clear_models(library.paths)
        library.catalog.finish_run(run, report.to_json())
    return report


def rollback(root: Path, number: int | None = None) -> int:
    """Make an earlier generation live: `number`, or the one before the live one.

    Returns its number. Raises LibraryNotFound, and LibraryMismatch when it is not kept or cannot be
    opened; what was live then stays live.
    """
    _require_library(root)
    with open_for_writing(root) as library:
        kept = generation_numbers(library.paths)
        target = _one_before(library.paths, kept) if number is None else number
        if target not in kept:
            raise LibraryMismatch(
                f"{root}: generation {target} is not kept. "
                f"There are {', '.join(map(str, sorted(kept))) or 'none'}."
            )
        Library.open(root, generation=target).close()
        set_current(library.paths, target)
    return target


def _one_before(paths: LibraryPaths, kept: set[int]) -> int:
    live = current_generation(paths)
    earlier = [number for number in kept if live is not None and number < live]
    if not earlier:
        raise LibraryMismatch(
            f"{paths.root}: there is no generation before the live one to go back to."
        )
    return max(earlier)


def forget(root: Path, place: Path, encoder: Encoder) -> Report:
    """Take a folder or file out of the library, and make a generation without it live.

    What training runs and teachers have kept of its videos goes at once. Raises LibraryNotFound,
    and LibraryMismatch when nothing of `place` is in the library, or when it lies in a folder that
    stays.
    """
    _require_library(root)
    with open_for_writing(root) as library:
        staying = [r for r in LibraryConfig.load(library.paths.config).roots if r != place]
        if around := next((r for r in staying if place.is_relative_to(r)), None):
            raise LibraryMismatch(
                f"{place}: it lies in {around}, which is indexed as a whole: it would come back. "
                f"Move it elsewhere, or forget {around}."
            )
        below = [p for p in library.catalog.files() if _belongs_to(Path(p), place, staying)]
        if not below and place not in LibraryConfig.load(library.paths.config).roots:
            raise LibraryMismatch(f"{place}: nothing of it is in the library. Check the path.")
        remove_root(library.paths.config, place)
        library.catalog.remove_files(below)
        clear_runs(library.paths, library.catalog)
        report = Report(removed=len(below))
        publish(library, encoder, report, verify_candidate)
    return report


def _belongs_to(path: Path, place: Path, others: Iterable[Path]) -> bool:
    """Whether a file is in the library for the sake of `place`, and not of `others` in it."""
    return path.is_relative_to(place) and not any(path.is_relative_to(o) for o in others)


def _require_library(root: Path) -> None:
    if not LibraryPaths(root).catalog.exists():
        raise LibraryNotFound(f"{root}: no library here yet. Run `videobert index FOLDER` first.")


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


def _reread_damaged(library: LibraryWriter) -> None:
    """Readings that are gone or damaged make their videos count as not read."""
    damaged = []
    for video in library.catalog.words.videos():
        path = library.paths.reading(video.content)
        try:
            read_reading(path)
        except (FileNotFoundError, CorruptShard):
            path.unlink(missing_ok=True)
            damaged.append(video.content)
    library.catalog.words.unread(damaged)
