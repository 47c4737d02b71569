"""Text files that a user hands in."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from indexer.errors import UnreadableFile


def read_text(path: str | PathLike[str]) -> str:
    """The text of a UTF-8 file, line ends as they are.

    Raises UnreadableFile, which names the line where it is not UTF-8.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise UnreadableFile(path, f"cannot be read ({error.strerror})") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UnreadableFile(f"{path}:{line}", "is not UTF-8 text", "Save it as UTF-8.") from error
