"""What the client makes of servers that are busy, slow, broken, or another one."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from search import Client
from search.errors import ServerProblem

BUSY = b'{"error": {"code": "Busy", "message": "Try again.", "status": 503}}'
NOTHING = b'{"query": "red", "results": [], "generation": 1, "no_match": true, "next": null}'


@dataclass(frozen=True)
class Says:
    """An answer; `length` is what it claims to have."""

    status: int
    body: bytes
    length: int | None = None
    headers: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def stranger():
    """A server that says what is in `says`, one after the other; `asked` has what it was sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            count = int(self.headers.get("Content-Length", 0))
            self.server.asked.append(self.rfile.read(count))
            answer = self.server.says.pop(0)
            if answer is None:  # silence, until the client has gone
                self.server.silent.wait(10)
                return
            self.send_response(answer.status)
            length = len(answer.body) if answer.length is None else answer.length
            for name, value in {"Content-Length": str(length), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.says, server.asked, server.silent = [], [], threading.Event()
        loop = threading.Thread(target=server.serve_forever, daemon=True)
        loop.start()
        yield server
        server.silent.set()
        server.shutdown()
        loop.join()


def client_of(stranger, **settings) -> Client:
    return Client(f"http://127.0.0.1:{stranger.server_port}", **settings)


@pytest.mark.parametrize(
    ("says", "code", "status"),
    [
        (Says(200, b"<html"), "OddAnswer", 200),
        (Says(200, b"{}"), "OddAnswer", 200),
        (Says(200, b"[]"), "OddAnswer", 200),
        (Says(502, b"bad"), "OddAnswer", 502),
        (Says(200, b"{", length=100), "Unreachable", 0),
    ],
)
def test_a_stranger(stranger, says, code, status):
    stranger.says = [says]
    with pytest.raises(ServerProblem) as refused:
        client_of(stranger).search("red")
    assert (refused.value.code, refused.value.status) == (code, status)


def busy(**headers: str) -> Says:
    return Says(503, BUSY, headers={name.replace("_", "-"): said for name, said in headers.items()})


def test_a_busy_server_is_asked_again(stranger, tmp_path: Path):
    stranger.says = [busy(Retry_After="0")] * 3 + [Says(200, NOTHING)]
    assert client_of(stranger).search("red").moments == ()
    assert stranger.says == []
    (tmp_path / "clip.mp4").write_bytes(b"a clip" * 40_000)
    stranger.says, stranger.asked = [busy(Retry_After="0"), Says(200, NOTHING)], []
    client_of(stranger).search_clip(tmp_path / "clip.mp4")
    first, second = (body.split(b"\r\n", 1)[1] for body in stranger.asked)
    assert b"a clip" * 40_000 in first
    assert first == second  # as a whole, both times


@pytest.mark.parametrize(
    ("says", "times"),
    [
        (busy(Retry_After="0"), 4),
        (busy(), 1),
        (busy(Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"), 1),
        (Says(500, BUSY, headers={"Retry-After": "0"}), 1),
    ],
)
def test_not_for_ever_and_not_unasked(stranger, says, times):
    stranger.says = [says] * 9
    with pytest.raises(ServerProblem, match="Try again"):
        client_of(stranger).search("red")
    assert len(stranger.asked) == times


def test_what_has_to_be_made_has_its_own_time(stranger, tmp_path: Path):
    stranger.says = [None, None]
    with pytest.raises(ServerProblem, match=r"within 0\.2 s") as refused:
        client_of(stranger, timeout_s=0.2).status()
    assert refused.value.status == 0
    stranger.silent.set()
    stranger.silent = threading.Event()
    with pytest.raises(ServerProblem, match=r"within 0\.3 s"):
        client_of(stranger, timeout_s=60, making_timeout_s=0.3).cut("1@0-1", tmp_path)
    assert list(tmp_path.iterdir()) == []
