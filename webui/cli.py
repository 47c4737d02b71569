"""`videobert serve`: the search page on this computer."""

from __future__ import annotations

import logging
import signal
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NoReturn

import click

from indexer.errors import LibraryError
from indexer.options import library_option
from model.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable

    from search.engine import SearchEngine

logger = logging.getLogger(__name__)


@click.command()
@library_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 takes any free one.",
)
@click.option(
    "--threads",
    type=click.IntRange(2, 256),
    default=8,
    show_default=True,
    help="Requests that are answered at the same time.",
)
def serve(library: Path, host: str, port: int, threads: int) -> None:
    """Serve the search page and the JSON API until Ctrl-C.

    Without --host only this computer can open it. There is no login: on any other address,
    whoever reaches the port can watch the library.

    Example: videobert serve --port 8080
    """
    from search.live import EngineHolder
    from webui import create_app
    from webui.config import WebConfig
    from webui.listening import address_of, listen
    from webui.serving import make_server

    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    engines = EngineHolder(library)
    heavy = min(WebConfig.heavy, threads - 1)
    config = WebConfig(library, host, engines=engines, threads=threads, heavy=heavy)
    listener = listen(host, port)
    server = make_server(create_app(config), listener, config)
    click.echo(f"Videobert is at {address_of(listener)} (Ctrl-C stops it)")
    Thread(target=warm_up, args=(engines.get,), name="warm-up", daemon=True).start()
    signal.signal(signal.SIGTERM, _interrupt)
    server.run()  # returns after Ctrl-C
    click.echo("Stopped.")


def warm_up(engines: Callable[[], SearchEngine]) -> None:
    """Load the text encoder, so that the first search does not wait for it."""
    try:
        engines().warm_up()
    except (LibraryError, ModelError) as error:
        click.echo(f"Nothing can be searched yet: {error}", err=True)


def _interrupt(signum: int, frame: object) -> NoReturn:
    """End like Ctrl-C: the running answers are finished first."""
    raise KeyboardInterrupt
