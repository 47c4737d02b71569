"""Files that a server makes, saved whole or not at all."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfileobj
from urllib.request import Request

from indexer.media.placing import part_of, place
from search.connection import Connection
from search.errors import ServerProblem


def download(
    connection: Connection,
    request: Request,
    target: Path,
    *,
    name: str | None = None,
    overwrite: bool = False,
    timeout_s: float | None = None,
) -> Path:
    """Write the answer to the file `target`, or into that folder; returns the file.

    In a folder it is called `name`, or else as the server says. `timeout_s` bounds the wait for
    each part of it. Raises ServerProblem, indexer.errors.TargetExists, OSError.
    """
    with connection.opened(request, timeout_s) as answer:
        name = name or Path(answer.headers.get_filename() or "download").name
        path = target / name if target.is_dir() else target
        with part_of(path.parent) as part:
            with part.open("wb") as file:
                copyfileobj(answer, file)
            if answer.length:  # a broken connection ends a copy as the file's end does
                raise ServerProblem("Unreachable", f"{name}: the answer broke off.", 0)
            place(part, path, overwrite=overwrite)
    return path
