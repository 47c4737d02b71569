"""What changes when a file does."""

from __future__ import annotations

import os
from pathlib import Path


def stamp(path: Path) -> list[str | int] | None:
    """Path, size in bytes, time of change in nanoseconds, and whether it may be read: permissions
    leave the time as it is. None when it is gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return [str(path), status.st_size, status.st_mtime_ns, os.access(path, os.R_OK)]
