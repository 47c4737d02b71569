"""Clips, pictures and previews may keep the server busy, but never all of it."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.fake_engine import small_library
from tests.scenes import GREEN, Scene, write_video
from tests.web_desk import make_app, running
from webui.config import WebConfig
from webui.gate import Busy, Gate

HEADERS = {"Content-Type": "multipart/form-data; boundary=x", "Accept": "application/json"}
PREVIEW = "/media/1/preview.mp4?start=1&end=2"


@pytest.fixture
def engine(tmp_path):
    return small_library(tmp_path)


@pytest.fixture
def form(tmp_path):
    clip = write_video(tmp_path / "query.mp4", [Scene("", GREEN, 1)]).read_bytes()
    part = b'Content-Disposition: form-data; name="file"; filename="a.mp4"'
    return b"--x\r\n" + part + b"\r\n\r\n" + clip + b"\r\n--x--\r\n"


@contextmanager
def held(engine, pool, requests):
    """`requests` (callables) are under way, and nothing heavy comes to an end."""
    engine.hold()
    try:
        yield [pool.submit(request) for request in requests]
    finally:
        engine.release()


def fetch(address, body=None):
    """Status, headers and body of the answer."""
    try:
        with urlopen(Request(address, body, HEADERS if body else {}), timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def test_words_are_searched_while_too_many_clips_are_sent(engine, form):
    with (
        running(engine, threads=4, heavy_wait_s=0.3) as address,
        ThreadPoolExecutor(8) as pool,
    ):
        clip = lambda: fetch(f"{address}/api/v1/search/clip", form)  # noqa: E731
        with held(engine, pool, [clip] * 8) as answers:
            for _ in range(5):
                began = time.monotonic()
                assert fetch(f"{address}/healthz")[0] == 200
                assert fetch(f"{address}/api/v1/search?q=sea")[0] == 200
                assert time.monotonic() - began < 2
            while sum(answer.done() for answer in answers) < 6:
                time.sleep(0.02)
        answers = [answer.result() for answer in answers]
    assert sorted(status for status, _, _ in answers) == [200] * 2 + [503] * 6
    for _, headers, body in (answer for answer in answers if answer[0] == 503):
        error = json.loads(body)["error"]
        assert (error["code"], error["status"]) == ("Busy", 503)
        assert "Try again" in error["message"]
        assert int(headers["Retry-After"]) > 0


@pytest.mark.parametrize("place", ["/api/v1/search/image", PREVIEW])
def test_pictures_and_previews_pass_the_same_gate(engine, form, place):
    app = make_app(engine, threads=2, heavy=1, heavy_wait_s=0.05)
    with app.app_context(), app.extensions["videobert-gate"].place():
        method = "POST" if "image" in place else "GET"
        answer = app.test_client().open(place, method=method, data=form, headers=HEADERS)
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "Busy")


def test_a_preview_that_is_there_plays_while_the_gate_is_full(engine):
    app = make_app(engine, threads=2, heavy=1)
    client = app.test_client()
    assert client.get(PREVIEW).status_code == 200
    with app.extensions["videobert-gate"].place():
        assert client.get(PREVIEW).status_code == 200
        next(engine.folder.glob("preview-*")).unlink()
        assert client.get(PREVIEW).status_code == 503


def test_who_waits_gets_the_place_that_becomes_free():
    gate = Gate(places=1, waiting=1, wait_s=10)

    def pass_through():
        with gate.place():
            return True

    with ThreadPoolExecutor(1) as pool:
        with gate.place():
            waiting = pool.submit(pass_through)
            time.sleep(0.1)
            with pytest.raises(Busy):  # as many wait as may
                pass_through()
            assert not waiting.done()
        assert waiting.result(5)


def test_a_failure_gives_its_place_back():
    gate = Gate(places=1, waiting=0, wait_s=0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), gate.place():
            raise ZeroDivisionError


@pytest.mark.parametrize("threads", range(2, 12))
def test_a_thread_is_always_left(tmp_path, threads):
    config = WebConfig(tmp_path, threads=threads, heavy=min(2, threads - 1))
    assert config.heavy + config.heavy_waiting < threads
    with pytest.raises(ValueError, match="below threads"):
        WebConfig(tmp_path, threads=threads, heavy=threads)
