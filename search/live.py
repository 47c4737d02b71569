"""Keeps an engine on the live generation while the library is rebuilt under it."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import LibraryError
from indexer.store.paths import LibraryPaths
from model.encoder import Encoder
from model.errors import ModelError
from search.engine import SearchEngine

RETRY_S = 30.0
"""A generation that could not be opened is tried again after so long: it may have been mended."""

_Switch = tuple[int, int] | None

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Failure:
    """The switch that could not be followed, why, and when to try again."""

    switch: _Switch
    message: str
    retry_at_s: float


class EngineHolder:
    """Hands out the engine of the live generation; safe to use from several threads.

    A request keeps the engine that it got. One that is no longer live is closed when the last
    request lets go of it, so no request is cut short by a switch. A generation that cannot be
    opened changes nothing: the one before it goes on answering, and `problem` says why.
    """

    def __init__(self, library: Path, encoder: Encoder | None = None) -> None:
        """`encoder` is for good; without it, it is the one that made the live generation."""
        self._library = library
        self._given_encoder = encoder
        self._opening = threading.Lock()  # held by the one thread that may change what follows
        self._engine: SearchEngine | None = None
        self._opened: _Switch = None
        self._failure: _Failure | None = None

    @property
    def problem(self) -> str | None:
        """Why an older generation answers than the live one; None when all is well."""
        failure = self._failure
        return None if failure is None else failure.message

    def get(self) -> SearchEngine:
        """Raises indexer.errors.LibraryError and model.errors.ModelError with none to give."""
        engine = self._engine
        if engine is None:
            with self._opening:
                return self._renew()
        # one thread opens; the others have an engine to go on with, and do not wait for it
        if self._is_due(_last_switch(self._library)) and self._opening.acquire(blocking=False):
            try:
                return self._renew()
            finally:
                self._opening.release()
        return engine

    def _is_due(self, switch: _Switch) -> bool:
        """Whether `switch` is neither what is open nor what could not be opened just now."""
        failure = self._failure
        if failure is not None and failure.switch == switch:
            return time.monotonic() >= failure.retry_at_s
        return failure is not None or switch != self._opened

    def _renew(self) -> SearchEngine:
        """The engine of what is live now, or the old one where that cannot be opened."""
        switch, old = _last_switch(self._library), self._engine
        if old is not None and not self._is_due(switch):  # another thread was faster
            return old
        try:
            self._engine = self._open()
        except Exception as error:
            if old is None or not old.is_intact():
                self._engine = self._failure = None
                raise
            self._note(switch, old, error)
            return old
        self._opened, self._failure = switch, None
        return self._engine

    def _open(self) -> SearchEngine:
        """It has the encoder of the engine before it where that is the same: loaded once."""
        old = self._engine
        known = None if old is None else old.encoder
        engine = SearchEngine.open(self._library, self._given_encoder, known=known)
        if old is not None and engine.encoder is not known:
            # what is wrong with its weights must show while there is an engine to fall back on
            engine.warm_up()
        return engine

    def _note(self, switch: _Switch, old: SearchEngine, error: Exception) -> None:
        """Remember a failure, and log it once for each switch, not at every retry."""
        message = str(error) or type(error).__name__
        if self._failure is None or self._failure.switch != switch:
            logger.error(
                "The new generation cannot be opened, generation %d goes on answering: %s",
                old.generation,
                message,
                exc_info=None if isinstance(error, LibraryError | ModelError) else error,
            )
        self._failure = _Failure(switch, message, time.monotonic() + RETRY_S)


def _last_switch(library: Path) -> _Switch:
    """What tells one switch from the next, also where the library was made anew."""
    try:
        status = LibraryPaths(library).current.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns
