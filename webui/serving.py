"""The server under the application: what it holds, and for how long."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask

from webui.errors import Problem
from webui.uploads import FORM_OVERHEAD_BYTES

if TYPE_CHECKING:
    from flask import Flask

    from webui.config import WebConfig

CONNECTIONS = 300
"""Each takes up to three files, of the 1024 that a process may usually open. Waitress's own 100
are soon taken by clients that say nothing, and then nobody else is answered."""
SILENCE_S = 30
"""Without a byte in either direction a connection is closed, unless its answer is being made.
Browsers open another when they need one, also a player that was paused in the middle of a film."""
CLEANUP_S = 5
"""From one look for silent connections to the next."""


def make_server(app: Flask, listener: socket.socket, config: WebConfig, **settings: Any) -> Any:
    """A waitress server that answers with `app` on `listener`; `settings` are waitress's."""
    server = create_server(
        app,
        sockets=[listener],
        threads=config.threads,
        connection_limit=CONNECTIONS,
        channel_timeout=SILENCE_S,
        cleanup_interval=CLEANUP_S,
        asyncore_use_poll=True,  # select() fails on files that are numbered above 1023
        # Just above Flask's own limit: a declared length above it is refused before a byte
        # of the body is taken.
        max_request_body_size=config.max_upload_bytes + 2 * FORM_OVERHEAD_BYTES,
        ident="videobert",
        **settings,
    )
    server.channel_class = _Channel
    return server


class _Refusal(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """What waitress refuses by itself, in the shape of `webui.errors`."""

    def execute(self) -> None:
        error = self.request.error
        code = type(error).__name__  # such as RequestEntityTooLarge, as Flask's own
        problem = Problem(code, f"{error.reason}: {error.body}.", error.code)
        body = json.dumps({"error": problem.to_json()}).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "application/json"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]
    error_task_class = _Refusal
