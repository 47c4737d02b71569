"""Previews of a library's videos, made when first asked for and kept for a while."""

from __future__ import annotations

import threading
import time
from math import floor
from pathlib import Path

from indexer.errors import LibraryError, UnreadableFile
from indexer.media.placing import PART_SUFFIX
from indexer.media.preview import LONGEST_S, make_preview
from indexer.store.paths import LibraryPaths
from indexer.store.records import VideoRecord
from search.errors import InvalidQuery

KEPT = 50
"""Of each video the newest so many stay: at 10 s and 1 MB each, some 50 MB a video at most."""
_ABANDONED_S = 3600.0
_LOCKS = 16


class Previews:
    """Files LIBRARY/media/<content>/preview-<start ms>-<end ms>.mp4, each made once.

    Safe to use from several threads and processes.
    """

    def __init__(self, paths: LibraryPaths) -> None:
        self._paths = paths
        self._locks = [threading.Lock() for _ in range(_LOCKS)]

    def get(self, video: VideoRecord, start_s: float, end_s: float) -> Path:
        """The preview of a stretch of `video`, which is made if need be.

        Raises InvalidQuery when the stretch is empty, too long or outside, a MediaError when the
        video cannot be shown, LibraryError when the library cannot be written.
        """
        start_ms, end_ms = _milliseconds(video, start_s, end_s)
        folder = self._paths.artwork(video.content)
        target = folder / f"preview-{start_ms}-{end_ms}.mp4"
        # Players ask twice at once; the second waits for what the first is making.
        with self._locks[hash(target) % _LOCKS]:
            if not target.is_file():
                _require_unchanged(video)
                try:
                    make_preview(Path(video.path), target, start_ms / 1000, end_ms / 1000)
                    _prune(folder, keep=target)
                except OSError as error:
                    raise _refused(folder, error) from error
        return target


def _milliseconds(video: VideoRecord, start_s: float, end_s: float) -> tuple[int, int]:
    end_s = min(end_s, video.duration_s)
    if not 0 <= start_s < end_s <= start_s + LONGEST_S:
        raise InvalidQuery(
            f"{video.path} is {video.duration_s:.1f} s long; a preview is a part of it of at most "
            f"{LONGEST_S:.0f} s, not {start_s:g} to {end_s:g} s."
        )
    start_ms = floor(start_s * 1000)
    return start_ms, max(start_ms + 1, round(end_s * 1000))


def _require_unchanged(video: VideoRecord) -> None:
    """Else a preview of something else would be kept as this video's for good."""
    try:
        size_bytes = Path(video.path).stat().st_size
    except OSError as error:
        raise UnreadableFile(video.path, f"cannot be opened: {error.strerror}") from error
    if size_bytes != video.size_bytes:
        remedy = "Run `videobert index` on its folder."
        raise UnreadableFile(video.path, "has changed since it was indexed", remedy)


def _prune(folder: Path, keep: Path) -> None:
    """Remove all but the newest, and what was left half made; others may be removing them too."""
    now_s = time.time()
    made = sorted(
        ((_modified_s(path, now_s), path) for path in folder.glob("preview-*.mp4")), reverse=True
    )
    for _, path in made[KEPT:]:
        if path != keep:
            path.unlink(missing_ok=True)
    for path in folder.glob(f".preview-*{PART_SUFFIX}"):
        if _modified_s(path, now_s) < now_s - _ABANDONED_S:
            path.unlink(missing_ok=True)


def _modified_s(path: Path, now_s: float) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another process was faster
        return now_s


def _refused(folder: Path, error: OSError) -> LibraryError:
    return LibraryError(
        f"{folder}: no preview can be kept there: {error.strerror or error}. Make the library's "
        "folder writable for this user, and see that its disk is not full."
    )
