"""What the request at hand works with: the settings, and the engine that answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app, g

from indexer.errors import LibraryError
from model.errors import ModelError
from webui.config import EngineSource, WebConfig
from webui.gate import Gate

if TYPE_CHECKING:
    from indexer.store.notes import Notes
    from search.engine import SearchEngine

CANNOT_OPEN = (LibraryError, ModelError)
"""What `engine` raises when the library, or the model that it was made with, is not usable."""

_CONFIG, _ENGINES, _GATE = "videobert-config", "videobert-engines", "videobert-gate"


def attach(app: Flask, config: WebConfig) -> None:
    """Let the requests of `app` find their settings and engines."""
    app.extensions[_CONFIG] = config
    app.extensions[_ENGINES] = _source_of(config)
    app.extensions[_GATE] = Gate(config.heavy, config.heavy_waiting, config.heavy_wait_s)


def config() -> WebConfig:
    """The settings of the running application."""
    return cast(WebConfig, current_app.extensions[_CONFIG])


def gate() -> Gate:
    """What requests pass that decode video."""
    return cast(Gate, current_app.extensions[_GATE])


def engine() -> SearchEngine:
    """The live engine; the same one during a whole request, whatever is published meanwhile.

    :raises LibraryError: the library cannot be opened.
    :raises ModelError: its encoder cannot.
    """
    if "engine" not in g:
        g.engine = _source().get()
    return cast("SearchEngine", g.engine)


def notes() -> Notes:
    """The judgements and saved queries of the library; to be closed.

    :raises LibraryError: there is no library, or it is of another version.
    """
    from indexer.store.notes import Notes

    return Notes(config().library)


def problem() -> str | None:
    """Why an older generation answers than the newest; None when all is well."""
    return _source().problem


@dataclass(frozen=True)
class _Bare:
    """A function that hands out engines, of which no more is known."""

    get: Callable[[], SearchEngine]
    problem: str | None = None


def _source() -> EngineSource:
    return cast(EngineSource, current_app.extensions[_ENGINES])


def _source_of(config: WebConfig) -> EngineSource:
    if config.engines is None:
        from search.live import EngineHolder  # FAISS is loaded here, when it is needed

        return EngineHolder(config.library)
    return _Bare(config.engines) if callable(config.engines) else config.engines
