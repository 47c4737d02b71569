"""The real server keeps answering while players hold on to their films."""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.fake_engine import running, small_library

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


def test_a_whole_film_arrives(address, engine):
    whole = Path(engine.records[0].path).stat().st_size
    with urlopen(f"{address}/media/1/stream", timeout=60) as answer:
        assert sum(len(part) for part in iter(lambda: answer.read(2**20), b"")) == whole
