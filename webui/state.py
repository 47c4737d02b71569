"""What the request at hand works with: the settings, and the engine that answers it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app, g

from indexer.errors import LibraryError
from model.errors import ModelError
from webui.config import WebConfig

if TYPE_CHECKING:
    from search.engine import SearchEngine

CANNOT_OPEN = (LibraryError, ModelError)
"""What `engine` raises when the library, or the model that it was made with, is not usable."""

_CONFIG, _ENGINES = "videobert-config", "videobert-engines"


def attach(app: Flask, config: WebConfig) -> None:
    """Let the requests of `app` find their settings and engines."""
    app.extensions[_CONFIG] = config
    app.extensions[_ENGINES] = config.engines or _live_engines(config.library)


def config() -> WebConfig:
    """The settings of the running application."""
    return cast(WebConfig, current_app.extensions[_CONFIG])


def engine() -> SearchEngine:
    """The live engine; the same one during a whole request, whatever is published meanwhile.

    :raises LibraryError: the library cannot be opened.
    :raises ModelError: its encoder cannot.
    """
    if "engine" not in g:
        g.engine = current_app.extensions[_ENGINES]()
    return cast("SearchEngine", g.engine)


def _live_engines(library: Path) -> Callable[[], SearchEngine]:
    from search.live import EngineHolder  # FAISS is loaded here, when it is needed

    return EngineHolder(library).get
