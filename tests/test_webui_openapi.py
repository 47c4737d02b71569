"""The description is valid, complete, and true."""

from __future__ import annotations

import io
import re
from typing import ClassVar

import pytest
from flask import Request
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from werkzeug.datastructures import ImmutableMultiDict

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


class Noted(ImmutableMultiDict):
    """Parameters that say which of them were looked for."""

    names: ClassVar[set[str]] = set()

    def get(self, key, *others, **named):
        self.names.add(key)
        return super().get(key, *others, **named)

    def getlist(self, key, *others, **named):
        self.names.add(key)
        return super().getlist(key, *others, **named)


class NotingRequest(Request):
    parameter_storage_class = Noted


CALLS = {
    "/api/v1/search": ("get", "/api/v1/search?q=sea&thumbs=1&format=csv"),
    "/api/v1/search/clip": ("post", "/api/v1/search/clip?q=sea&thumbs=1"),
    "/api/v1/search/image": ("post", "/api/v1/search/image?q=sea&thumbs=1"),
    "/api/v1/judgements": ("get", "/api/v1/judgements?q=sea"),
    "/api/v1/videos": ("get", "/api/v1/videos"),
    "/api/v1/videos/newest": ("get", "/api/v1/videos/newest"),
    "/api/v1/videos/{video_id}": ("get", "/api/v1/videos/1"),
    "/api/v1/videos/{video_id}/cut": ("get", "/api/v1/videos/1/cut?start=0&end=1"),
    "/api/v1/videos/{video_id}/transcript": ("get", "/api/v1/videos/1/transcript"),
    "/api/v1/videos/{video_id}/transcript.srt": ("get", "/api/v1/videos/1/transcript.srt"),
    "/api/v1/videos/{video_id}/transcript.vtt": ("get", "/api/v1/videos/1/transcript.vtt"),
    "/api/v1/status": ("get", "/api/v1/status"),
    "/api/v1/openapi.json": ("get", "/api/v1/openapi.json"),
    "/media/{video_id}/stream": ("get", "/media/1/stream"),
    "/media/{video_id}/preview.mp4": ("get", "/media/1/preview.mp4?start=0&end=1"),
    "/media/{video_id}/poster.jpg": ("get", "/media/1/poster.jpg"),
    "/media/{video_id}/sprites/{number}.jpg": ("get", "/media/1/sprites/0.jpg"),
    "/healthz": ("get", "/healthz"),
    "/readyz": ("get", "/readyz"),
    "/metrics": ("get", "/metrics"),
}
"""A request to each path that has all its parameters looked at."""


def described_parameters(description, operation) -> set[str]:
    shared = description["components"]["parameters"]
    all_ = [shared[p["$ref"].split("/")[-1]] if "$ref" in p else p for p in operation["parameters"]]
    return {one["name"] for one in all_ if one["in"] == "query"}


@pytest.mark.parametrize("path", list(CALLS))
def test_each_parameter_is_described_and_no_other(app, description, path):
    method, address = CALLS[path]
    operation = description["paths"][path][method]
    app.request_class = NotingRequest
    Noted.names.clear()
    app.test_client().open(address, method=method.upper())
    described = described_parameters(description, {"parameters": [], **operation})
    assert Noted.names - {"file"} == described  # a file is part of the body


def test_no_path_is_left_out(description):
    assert set(description["paths"]) - set(CALLS) == {"/api/v1/explain"}  # asks as a search does


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/api/v1/search", "/api/v1/search?q=red+sea"),
        ("/api/v1/search", "/api/v1/search?like=1@0.5"),
        ("/api/v1/search", "/api/v1/search?q="),
        ("/api/v1/search", "/api/v1/search?like=9@1"),
        ("/api/v1/search", "/api/v1/search?q=sea" + 51 * "&relevant=1@0-1"),
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
    foreign = client.post("/api/v1/search/clip", headers={"Origin": "http://elsewhere.example"})
    assert foreign.status_code == 403
    assert_described(description, operation, foreign)


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
