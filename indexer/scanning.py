"""What has changed on disk since the library last looked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import MediaError, RootMissing, UnreadableFile
from indexer.media.discovery import FoundVideo, find_videos
from indexer.store.records import FileRecord

RETRIED = frozenset({"UnreadableFile"})
"""Failures that may have passed without the file's having changed."""


@dataclass
class Changes:
    """What a scan found, against what the catalog knew."""

    known: dict[str, FileRecord]
    settled: set[str]
    """Contents that are encoded and read: they need no decoding."""
    new: list[FoundVideo] = field(default_factory=list)
    """To be hashed: new, or touched, or not yet encoded by this encoder, or read."""
    unchanged: list[str] = field(default_factory=list)
    still_failed: list[FileRecord] = field(default_factory=list)
    """Failed before and not touched since."""
    missing: list[FileRecord] = field(default_factory=list)
    """Known below the scanned roots, but gone."""
    troubles: list[MediaError | RootMissing] = field(default_factory=list)
    """Places that could not be looked at, or are gone; what is known below them is kept."""


def scan(
    roots: Iterable[Path],
    known: dict[str, FileRecord],
    settled: set[str],
    *,
    retry_failed: bool = False,
) -> Changes:
    """Compare `roots` with the files that are `known` and the contents that are `settled`."""
    changes = Changes(known, settled)
    seen: set[str] = set()
    scanned: list[Path] = []
    for root in roots:
        if problem := _unstorable(root):
            changes.troubles.append(problem)
            continue
        found = list(find_videos(root)) if _exists(root) else []
        if _is_lost(root, found, known):
            changes.troubles.append(RootMissing(root))
            continue
        scanned.append(root)
        for item in found:
            _sort_in(item, known, settled, changes, seen, retry_failed)
    blocked = [Path(trouble.path) for trouble in changes.troubles]
    changes.missing = [
        record
        for path, record in known.items()
        if path not in seen and _is_below(path, scanned) and not _is_below(path, blocked)
    ]
    return changes


def _sort_in(
    item: FoundVideo | MediaError,
    known: dict[str, FileRecord],
    settled: set[str],
    changes: Changes,
    seen: set[str],
    retry_failed: bool,
) -> None:
    path = str(item.path)
    if path in seen:  # roots may lie in one another
        return
    seen.add(path)
    if isinstance(item, MediaError):
        changes.troubles.append(item)
    elif problem := _unstorable(item.path):
        changes.troubles.append(problem)
    else:
        _compare(item, known.get(path), settled, changes, retry_failed)


def _compare(
    item: FoundVideo,
    record: FileRecord | None,
    settled: set[str],
    changes: Changes,
    retry_failed: bool,
) -> None:
    """Sort in a file by what is known of its path."""
    if record is None or (record.size_bytes, record.mtime_ns) != (item.size_bytes, item.mtime_ns):
        changes.new.append(item)
    elif record.error_code is not None:
        again = retry_failed or record.error_code in RETRIED
        changes.new.append(item) if again else changes.still_failed.append(record)
    elif record.content in settled:
        changes.unchanged.append(record.path)
    else:
        changes.new.append(item)


def _is_lost(
    root: Path, found: list[FoundVideo | MediaError], known: dict[str, FileRecord]
) -> bool:
    """Gone, or empty although it held videos: an unmounted disk, more likely than a clean-up."""
    if not _exists(root):
        was_a_file = str(root) in known
        return not (was_a_file and _holds_something(root.parent))
    return root.is_dir() and not found and any(_is_below(path, [root]) for path in known)


def is_root(place: Path) -> bool:
    """Whether a place can be noted as one to scan again: a folder whose name is valid UTF-8."""
    return _exists(place) and place.is_dir() and _unstorable(place) is None


def _exists(path: Path) -> bool:
    """False also where the file system does not answer: a dead mount raises."""
    try:
        return path.exists()
    except OSError:
        return False


def _holds_something(folder: Path) -> bool:
    """False for a folder that is gone, and for an empty one: a disk may have been mounted there."""
    try:
        return any(folder.iterdir())
    except OSError:
        return False


def _is_below(path: str, roots: Iterable[Path]) -> bool:
    return any(Path(path).is_relative_to(root) for root in roots)


def _unstorable(path: Path) -> UnreadableFile | None:
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        shown = str(path).encode("utf-8", "backslashreplace").decode()
        return UnreadableFile(shown, "its name is not valid UTF-8", "Rename it.")
    return None
