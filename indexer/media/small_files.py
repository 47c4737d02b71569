"""Reads whole small files that lie beside videos."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from indexer.errors import UnreadableFile


def read_small(path: Path, most_bytes: int) -> bytes:
    """The content of a file of at most `most_bytes`. Raises UnreadableFile."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for ever
            raise UnreadableFile(path, "is not a regular file", "Take it away.")
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except OSError as error:
        raise UnreadableFile(path, f"cannot be read: {os.strerror(error.errno or 0)}") from error
    if len(content) > most_bytes:
        raise UnreadableFile(path, f"is larger than {most_bytes:,} bytes", "Take it away.")
    return content
