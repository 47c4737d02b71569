"""One shape for every failure; the unforeseen is logged and not told."""

from __future__ import annotations

import pytest

from indexer.errors import LibraryMismatch, LibraryNotFound
from model.errors import CheckpointError
from webui import create_app
from webui.config import WebConfig


def raising(folder, error):
    def engines():
        raise error

    return create_app(WebConfig(folder, engines=engines)).test_client()


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "NotFound"),
        ("GET", "/api/v1/videos/one", 404, "NotFound"),
        ("DELETE", "/api/v1/videos/1", 405, "MethodNotAllowed"),
        ("POST", "/api/v1/search", 405, "MethodNotAllowed"),
    ],
)
def test_the_api_always_answers_in_json(client, method, address, status, code):
    answer = client.open(address, method=method, headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert set(answer.json) == {"error"}
    assert answer.json["error"].keys() == {"code", "message", "status"}
    assert (answer.json["error"]["code"], answer.json["error"]["status"]) == (code, status)
    assert answer.json["error"]["message"]


def test_the_methods_that_are_allowed_are_told(client):
    assert "GET" in client.post("/api/v1/videos").headers["Allow"]


def test_people_get_a_page(client):
    answer = client.get("/nothing", headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "Back to the search" in answer.text


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (LibraryNotFound("Nothing is indexed in /videos yet."), "LibraryNotFound"),
        (LibraryMismatch("Another encoder."), "LibraryMismatch"),
        (CheckpointError("weights.onnx is damaged."), "CheckpointError"),
    ],
)
def test_a_library_that_does_not_open_is_unavailable(tmp_path, error, code):
    answer = raising(tmp_path, error).get("/api/v1/status")
    assert answer.status_code == 503
    assert answer.json["error"] == {"code": code, "message": str(error), "status": 503}


def test_the_unforeseen_is_logged_and_not_told(tmp_path, caplog):
    answer = raising(tmp_path, ZeroDivisionError("secret")).get("/api/v1/status")
    assert (answer.status_code, answer.json["error"]["code"]) == (500, "InternalError")
    assert "secret" not in answer.text
    [record] = caplog.records
    assert "secret" in str(record.exc_info[1])
    assert "/api/v1/status" in record.getMessage()


def test_messages_are_escaped_on_the_page(tmp_path):
    error = LibraryNotFound("<script>alert(1)</script>")
    for address in ("/", "/media/1/stream"):
        assert "<script>alert" not in raising(tmp_path, error).get(address).text
