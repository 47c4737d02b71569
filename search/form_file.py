"""A file as the body of a form (multipart/form-data), read while it is sent."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Self

_CHUNK_BYTES = 1 << 16
_QUOTED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


class FormFile:
    """The form's one field, `file`; iterated over, the form in pieces, from its start each time."""

    def __init__(self, path: Path) -> None:
        """Raises OSError."""
        self._boundary = uuid.uuid4().hex
        name = path.name.translate(_QUOTED)
        self._head = (
            f"--{self._boundary}\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        self._tail = f"\r\n--{self._boundary}--\r\n".encode()
        self._file = path.open("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    @property
    def headers(self) -> dict[str, str]:
        """What goes with the form."""
        size_bytes = os.fstat(self._file.fileno()).st_size
        length = len(self._head) + size_bytes + len(self._tail)
        kind = f"multipart/form-data; boundary={self._boundary}"
        return {"Content-Type": kind, "Content-Length": str(length)}

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        yield self._head
        while chunk := self._file.read(_CHUNK_BYTES):
            yield chunk
        yield self._tail
