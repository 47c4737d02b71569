"""The real server keeps answering while players hold on to their films."""

from __future__ import annotations

import json
import os
import socket
from contextlib import ExitStack
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.fake_engine import small_library
from tests.web_desk import running
from webui import serving

THREADS = 2


@pytest.fixture
def engine(tmp_path):
    engine = small_library(tmp_path)
    os.truncate(engine.records[0].path, 100 * 2**20)
    return engine


@pytest.fixture
def address(engine):
    with running(engine, THREADS) as address:
        yield address


@pytest.mark.parametrize("header", ["Range: bytes=0-\r\n", "Range: bytes=5000000-\r\n", ""])
def test_paused_players_do_not_hold_its_threads(address, header):
    place = urlsplit(address)
    with ExitStack() as players:
        for _ in range(4 * THREADS):
            player = players.enter_context(socket.create_connection((place.hostname, place.port)))
            request = f"GET /media/1/stream HTTP/1.1\r\nHost: {place.netloc}\r\n{header}\r\n"
            player.sendall(request.encode())
            assert player.recv(12).startswith(b"HTTP/1.1 20")  # and then it reads no more
        with urlopen(f"{address}/healthz", timeout=10) as answer:
            assert answer.status == 200


def test_many_silent_connections_do_not_keep_others_out(address):
    place = urlsplit(address)
    with ExitStack() as silent:
        for _ in range(150):
            client = silent.enter_context(socket.create_connection((place.hostname, place.port)))
            client.sendall(b"POST /api/v1/search/clip HTTP/1.1\r\nHost: ")
        with urlopen(f"{address}/healthz", timeout=10) as answer:
            assert answer.status == 200


def test_a_silent_connection_is_closed(engine, monkeypatch):
    monkeypatch.setattr(serving, "SILENCE_S", 1)
    monkeypatch.setattr(serving, "CLEANUP_S", 1)
    with running(engine, THREADS) as address:
        place = urlsplit(address)
        with socket.create_connection((place.hostname, place.port), timeout=20) as client:
            client.sendall(b"GET / HT")
            assert client.recv(1) == b""


@pytest.mark.parametrize("begin", [b"", b"x" * 100_000])
def test_a_declared_film_is_refused_before_it_is_sent(address, begin):
    place = urlsplit(address)
    with socket.create_connection((place.hostname, place.port), timeout=10) as client:
        head = f"POST /api/v1/search/clip HTTP/1.1\r\nHost: {place.netloc}\r\n"
        client.sendall(f"{head}Content-Length: {700 * 2**20}\r\n\r\n".encode() + begin)
        answer = HTTPResponse(client)
        answer.begin()
        error = json.loads(answer.read())["error"]
    assert (answer.status, error["status"]) == (413, 413)
    assert error["code"] == "RequestEntityTooLarge"


def test_a_whole_film_arrives(address, engine):
    whole = Path(engine.records[0].path).stat().st_size
    with urlopen(f"{address}/media/1/stream", timeout=60) as answer:
        assert sum(len(part) for part in iter(lambda: answer.read(2**20), b"")) == whole
