"""What people note about their questions, opened for reading and writing beside an indexer."""

from __future__ import annotations

from pathlib import Path

from indexer.closing import Closing
from indexer.errors import LibraryNotFound
from indexer.store.database import Sessions, open_database, prepare
from indexer.store.judgements import Judgements
from indexer.store.paths import LibraryPaths
from indexer.store.saved_queries import SavedQueries


class Notes(Closing):
    """Saved queries and judgements of a library. Takes no lock, and does not migrate."""

    def __init__(self, root: Path) -> None:
        """Raises LibraryNotFound, and LibraryMismatch when the catalog is of another version."""
        path = LibraryPaths(root).catalog
        if not path.exists():
            raise LibraryNotFound(
                f"{root}: no library here yet. Run `videobert index FOLDER` to make one."
            )
        self._engine = open_database(path)
        try:
            prepare(self._engine, path, writable=False)
        except BaseException:
            self._engine.dispose()
            raise
        sessions = Sessions(self._engine)
        self.judgements = Judgements(sessions)
        self.saved_queries = SavedQueries(sessions)

    def close(self) -> None:
        self._engine.dispose()
