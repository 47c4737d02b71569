"""Text files that a user hands in: refused in one line that names the place and the remedy."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.textfiles import read_text
from search.errors import InvalidQuery
from search.language import parse_question


def read_queries(path: Path) -> list[str]:
    """The lines that are not blank, all of them fit to be asked.

    Raises InvalidQuery, and indexer.errors.UnreadableFile when it is no text.
    """
    found = []
    for number, line in enumerate(io.StringIO(read_text(path), newline=None), 1):
        if line.strip():
            with in_line(path, number):
                parse_question(line.strip())
            found.append(line.strip())
    if not found:
        raise InvalidQuery(f"{path}: holds no query. Write one a line.")
    return found


@contextmanager
def in_line(path: Path, number: int) -> Iterator[None]:
    """Says of an InvalidQuery in which line of `path` it was raised."""
    try:
        yield
    except InvalidQuery as error:
        raise InvalidQuery(f"{path}:{number}: {error}") from error
