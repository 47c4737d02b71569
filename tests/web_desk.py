"""The page and the API over a fake engine, in this process or behind a real server."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager

from flask.testing import FlaskClient

from tests.fake_engine import FakeEngine
from webui import create_app
from webui.config import WebConfig
from webui.listening import address_of, listen
from webui.serving import make_server


def make_app(engine: FakeEngine, **settings):
    """The application over `engine`."""
    return app_of(config_of(engine, **settings))


def config_of(engine: FakeEngine, **settings) -> WebConfig:
    return WebConfig(engine.folder, engines=lambda: engine, **settings)


def app_of(config: WebConfig):
    app = create_app(config)
    app.test_client_class = WholeAnswers
    return app


@contextmanager
def running(engine: FakeEngine, threads: int = 4, **settings):
    """The address of a real server over `engine`; ends when its clients have gone."""
    with serving(config_of(engine, threads=threads, heavy=min(2, threads - 1), **settings)) as at:
        yield at


@contextmanager
def serving(config: WebConfig):
    """The address of a real server with these settings; ends when its clients have gone."""
    listener = listen("127.0.0.1", 0)
    server = make_server(app_of(config), listener, config, map={})
    loop = threading.Thread(target=server.run, daemon=True)
    loop.start()
    yield address_of(listener)
    deadline = time.monotonic() + 10
    while server.active_channels and time.monotonic() < deadline:
        time.sleep(0.02)
    server.task_dispatcher.shutdown()
    server.trigger.pull_trigger(lambda: server.asyncore.close_all(server._map))
    loop.join(10)


class WholeAnswers(FlaskClient):
    """Reads each answer to its end, as a browser does, so that its file is closed."""

    def open(self, *args, buffered=True, **settings):
        return super().open(*args, buffered=buffered, **settings)
