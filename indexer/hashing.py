"""What a file is known by: the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from indexer.errors import EmptyFile, UnreadableFile


def content_hash(path: Path) -> str:
    """64 hex digits. Raises EmptyFile or UnreadableFile."""
    try:
        if not path.is_file():  # a pipe or a device never ends
            raise UnreadableFile(path, "it is no regular file", "Give a file or a folder.")
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except OSError as error:
        raise UnreadableFile(path, f"cannot be read: {error.strerror}") from error
    if size == 0:
        raise EmptyFile(path, "the file is empty")
    return digest
