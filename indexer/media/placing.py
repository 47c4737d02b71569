"""A file that appears under its name whole or not at all."""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.errors import TargetExists

PART_SUFFIX = ".part"
"""What a killed process leaves behind beside its target ends so, and starts with a dot."""
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)


@contextmanager
def part_of(folder: Path) -> Iterator[Path]:
    """Where a file of `folder` is written first; gone afterwards. The folder is made.

    A name of its own: another process may be making the same file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{uuid.uuid4().hex}{PART_SUFFIX}"
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def place(part: Path, target: Path, *, overwrite: bool) -> None:
    """Give the written `part` its name, for good.

    Raises TargetExists for a name that is taken, OSError.
    """
    with part.open("rb") as file:
        os.fsync(file.fileno())  # else a power failure could leave an empty file
    if overwrite:
        part.replace(target)
        return
    try:
        os.link(part, target)  # unlike a rename it never replaces what came there meanwhile
    except FileExistsError as error:
        raise TargetExists(target) from error
    except OSError as error:
        if error.errno not in _NO_LINKS:  # FAT has none
            raise
        require_free(target)
        part.replace(target)


def require_free(target: Path) -> None:
    """Raise TargetExists for a name that is taken, even by a link that leads nowhere."""
    if os.path.lexists(target):
        raise TargetExists(target)
