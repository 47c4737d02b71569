"""A library opened for writing: the lock is held, the catalog is up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer.media.staging import sweep
from indexer.store.catalog_writer import CatalogWriter
from indexer.store.lock import exclusive_lock
from indexer.store.paths import LibraryPaths


@dataclass(frozen=True)
class LibraryWriter:
    """What an indexing run works on."""

    paths: LibraryPaths
    catalog: CatalogWriter


@contextmanager
def open_for_writing(root: Path) -> Iterator[LibraryWriter]:
    """Make the library if it is not there, and lock it. Raises LibraryBusy, LibraryMismatch."""
    paths = LibraryPaths(root)
    with exclusive_lock(paths.lock), closing(CatalogWriter(paths.catalog)) as catalog:
        sweep(paths.media)
        yield LibraryWriter(paths, catalog)
