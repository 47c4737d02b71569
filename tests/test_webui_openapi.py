"""The description is valid, complete, and true."""

from __future__ import annotations

import io
import re

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from tests.fake_engine import small_library
from tests.test_webui_live import client_of
from tests.web_desk import make_app


@pytest.fixture
def engine(tmp_path):
    return small_library(tmp_path)


@pytest.fixture
def app(engine):
    return make_app(engine)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def description(client):
    return client.get("/api/v1/openapi.json").json


def test_it_is_valid_openapi(description):
    assert description["openapi"].startswith("3.1")
    validate(description)


def test_each_route_is_described_and_nothing_else(app, description):
    described = {
        (path, method.upper()) for path, item in description["paths"].items() for method in item
    }
    routes = {
        (re.sub(r"<(?:[^:>]+:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint not in ("static", "pages.index")
    }
    assert described == routes


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/api/v1/search", "/api/v1/search?q=red+sea"),
        ("/api/v1/search", "/api/v1/search?like=1@0.5"),
        ("/api/v1/search", "/api/v1/search?q="),
        ("/api/v1/search", "/api/v1/search?like=9@1"),
        ("/api/v1/videos", "/api/v1/videos"),
        ("/api/v1/videos", "/api/v1/videos?limit=1"),
        ("/api/v1/search", "/api/v1/search?q=sea&after=soon"),
        ("/api/v1/videos/newest", "/api/v1/videos/newest"),
        ("/api/v1/videos/newest", "/api/v1/videos/newest?longer=long"),
        ("/api/v1/videos/{video_id}/transcript", "/api/v1/videos/1/transcript"),
        ("/api/v1/videos/{video_id}", "/api/v1/videos/1"),
        ("/api/v1/videos/{video_id}", "/api/v1/videos/9"),
        ("/api/v1/status", "/api/v1/status"),
        ("/healthz", "/healthz"),
        ("/readyz", "/readyz"),
    ],
)
def test_answers_are_as_described(client, description, path, address):
    answer = client.get(address)
    assert_described(description, description["paths"][path]["get"], answer)


def test_answers_to_uploads_are_as_described(client, description):
    operation = description["paths"]["/api/v1/search/clip"]["post"]
    for data in ({}, {"file": (io.BytesIO(b""), "empty.mp4")}):
        assert_described(description, operation, client.post("/api/v1/search/clip", data=data))


def test_an_answer_with_parts_of_the_clip_is_as_described(
    description, colour_library, colour_videos, encoder
):
    operation = description["paths"]["/api/v1/search/clip"]["post"]
    sent = {"file": (io.BytesIO((colour_videos / "green.mp4").read_bytes()), "lawn.mp4")}
    answer = client_of(colour_library, encoder).post("/api/v1/search/clip", data=sent)
    assert all(moment["aligned"] for moment in answer.json["results"])
    assert answer.json["clip_s"] > 0
    assert_described(description, operation, answer)


@pytest.mark.parametrize(
    ("path", "method", "address"),
    [
        ("/api/v1/search/clip", "post", "/api/v1/search/clip"),
        ("/api/v1/search/image", "post", "/api/v1/search/image"),
        ("/media/{video_id}/preview.mp4", "get", "/media/1/preview.mp4?start=0&end=1"),
    ],
)
def test_a_busy_server_answers_as_described(engine, description, path, method, address):
    app = make_app(engine, threads=2, heavy=1, heavy_wait_s=0)
    with app.extensions["videobert-gate"].place():
        headers = {"Accept": "application/json"}
        answer = app.test_client().open(address, method=method.upper(), headers=headers)
    operation = description["paths"][path][method]
    assert_described(description, operation, answer)
    assert set(operation["responses"]["503"]["headers"]) == {"Retry-After"}
    assert answer.headers["Retry-After"].isdigit()


def assert_described(description, operation, answer):
    """The answer's JSON fits the schema that its status is described with."""
    schema = operation["responses"][str(answer.status_code)]["content"]["application/json"][
        "schema"
    ]
    Draft202012Validator({**schema, "components": description["components"]}).validate(answer.json)
