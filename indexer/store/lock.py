"""Keeps two indexers apart."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.errors import LibraryBusy


@contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """Hold the operating system's lock on `path`, which it drops when the process dies.

    Raises LibraryBusy at once when another process holds it.
    """
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise LibraryBusy(
                f"{path.parent}: process {file.read().strip() or 'unknown'} is indexing this "
                "library. Wait until it has finished, or stop it."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
