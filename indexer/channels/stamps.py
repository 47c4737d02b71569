"""What changes when a file does."""

from __future__ import annotations

from pathlib import Path


def stamp(path: Path) -> list[str | int] | None:
    """Path, size in bytes and time of change in nanoseconds; None when it is gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return [str(path), status.st_size, status.st_mtime_ns]
