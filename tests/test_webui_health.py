"""What a watchdog asks."""

from __future__ import annotations

import re

import pytest

from indexer.errors import LibraryNotFound
from tests.fake_engine import small_library
from webui import create_app
from webui.config import WebConfig


@pytest.fixture
def closed(tmp_path):
    def engines():
        raise LibraryNotFound("Run videobert index FOLDER.")

    return create_app(WebConfig(tmp_path, engines=engines)).test_client()


def test_alive_and_ready(client):
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {
        "status": "ready",
        "generation": 7,
        "problem": None,
    }


def test_alive_but_not_ready(closed):
    assert closed.get("/healthz").status_code == 200
    answer = closed.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["code"] == "LibraryNotFound"
    assert "videobert index" in answer.json["message"]


def test_a_generation_that_does_not_open_is_told_while_the_older_one_answers(tmp_path):
    class Holder:
        problem = "Generation 8: a shard is damaged."
        get = staticmethod(lambda: engine)

    engine = small_library(tmp_path)
    client = create_app(WebConfig(tmp_path, engines=Holder())).test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert (answer.json["generation"], answer.json["problem"]) == (7, Holder.problem)
    assert samples(client.get("/metrics"))["videobert_generation_problem"] == 1


def test_metrics_count_requests_and_the_library(client):
    for address in ("/api/v1/search?q=sea", "/api/v1/search?q=sea", "/api/v1/search?q="):
        client.get(address)
    values = samples(client.get("/metrics"))
    labels = 'endpoint="api.search",method="GET"'
    assert values[f'videobert_http_requests_total{{{labels},status="200"}}'] == 2
    assert values[f'videobert_http_requests_total{{{labels},status="400"}}'] == 1
    assert values['videobert_http_request_seconds_count{endpoint="api.search"}'] == 3
    assert values['videobert_http_request_seconds_bucket{endpoint="api.search",le="+Inf"}'] == 3
    assert values["videobert_ready"] == 1
    assert values["videobert_generation"] == 7
    assert values["videobert_generation_problem"] == 0
    assert values["videobert_library_clips"] == 3


def test_metrics_answer_without_a_library(closed):
    assert samples(closed.get("/metrics"))["videobert_ready"] == 0


def test_addresses_that_clients_invent_do_not_fill_the_table(client):
    for number in range(50):
        client.get(f"/nothing/{number}")
        client.open("/nothing", method=f"VERB{number}")
    names = [name for name in samples(client.get("/metrics")) if "unknown" in name]
    assert len([name for name in names if "requests_total" in name]) == 1


def samples(answer):
    """Every sample of the exposition; each line must be one, or a comment."""
    assert answer.mimetype == "text/plain"
    values = {}
    for line in answer.text.splitlines():
        if line.startswith(("# HELP videobert_", "# TYPE videobert_")):
            continue
        name, value = re.fullmatch(r"(videobert_\w+(?:\{[^}]*\})?) ([\d.]+)", line).groups()
        values[name] = float(value)
    return values
