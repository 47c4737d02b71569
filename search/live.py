"""Keeps an engine on the live generation while the library is rebuilt under it."""

from __future__ import annotations

import threading
from pathlib import Path

from indexer.store.library import library_model
from indexer.store.paths import LibraryPaths
from model.encoder import Encoder
from search.engine import SearchEngine


class EngineHolder:
    """Hands out the engine of the live generation; safe to use from several threads.

    A request keeps the engine that it got. One that is no longer live is released when the last
    request lets go of it, so no request is cut short by a switch.
    """

    def __init__(self, library: Path, encoder: Encoder | None = None) -> None:
        self._library = library
        self._encoder = encoder
        self._lock = threading.Lock()
        self._engine: SearchEngine | None = None
        self._opened: tuple[int, int] | None = None

    def get(self) -> SearchEngine:
        """Raises indexer.errors.LibraryNotFound and LibraryMismatch when there is none to give."""
        switched = _last_switch(self._library)
        with self._lock:
            if self._engine is None or self._opened != switched:
                self._engine = SearchEngine.open(self._library, self._shared_encoder())
                self._opened = switched
            return self._engine

    def _shared_encoder(self) -> Encoder:
        """One encoder for all generations: its weights are loaded once."""
        if self._encoder is None:
            from model.registry import load_encoder

            self._encoder = load_encoder(library_model(self._library))
        return self._encoder


def _last_switch(library: Path) -> tuple[int, int] | None:
    """What tells one switch from the next, also where the library was made anew."""
    try:
        status = LibraryPaths(library).current.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns
