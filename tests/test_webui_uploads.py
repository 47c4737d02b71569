"""A clip or picture that someone sends is searched with, bounded, and never kept."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest

from tests.scenes import GREEN, RED, Scene, write_video
from tests.web_desk import make_app


@pytest.fixture
def client(engine, tmp_path):
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    return make_app(engine, upload_folder=uploads, max_upload_bytes=100_000).test_client()


def send(client, kind, content, name):
    return client.post(f"/api/v1/search/{kind}?k=3", data={"file": (io.BytesIO(content), name)})


def a_clip(folder, colour):
    return write_video(folder / "query.mp4", [Scene("", colour, 1)]).read_bytes()


def a_picture(colour):
    return cv2.imencode(".png", np.full((20, 30, 3), colour[::-1], np.uint8))[1].tobytes()


def test_a_clip_finds_what_looks_like_it(client, tmp_path):
    answer = send(client, "clip", a_clip(tmp_path, GREEN), "meadow.mp4").json
    assert answer["query"] == "meadow.mp4"
    assert [(moment["title"], moment["start_s"]) for moment in answer["results"]] == [("ball", 3.0)]


def test_a_picture_finds_what_looks_like_it(client):
    answer = send(client, "image", a_picture(RED), "tomato.png").json
    assert [(moment["title"], moment["start_s"]) for moment in answer["results"]] == [("ball", 0.0)]


@pytest.mark.parametrize("kind", ["clip", "image"])
def test_words_may_say_what_it_must_not_have(client, tmp_path, kind):
    content = a_clip(tmp_path, GREEN) if kind == "clip" else a_picture(GREEN)
    file = (io.BytesIO(content), "meadow")
    answer = client.post(f"/api/v1/search/{kind}?q=-ball", data={"file": file})
    assert answer.status_code == 200
    assert client.get("/api/v1/search?q=-ball").status_code == 400


@pytest.mark.parametrize("content", [b"", b"no video at all"])
def test_the_upload_is_removed_also_when_it_cannot_be_read(client, engine, tmp_path, content):
    answer = send(client, "clip", content, "broken.mp4")
    assert answer.status_code == 422
    assert engine.seen
    assert not engine.seen[0].exists()
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_refusal_names_the_file_as_the_client_knows_it(client, engine):
    error = send(client, "clip", b"", "broken.mp4").json["error"]
    assert error["code"] == "EmptyFile"
    assert error["message"].startswith("broken.mp4: ")
    assert str(engine.seen[0].parent) not in error["message"]


@pytest.mark.parametrize(
    ("kind", "content"), [("clip", b""), ("clip", b"text"), ("image", b"text")]
)
def test_a_refusal_says_what_to_choose_instead(client, kind, content):
    message = send(client, kind, content, "broken.mp4").json["error"]["message"]
    assert message.endswith("Choose another file: a video such as MP4, or a picture such as JPEG.")
    assert "folder" not in message


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../evil.mp4", "query.mp4"), ("C:\\films\\a.MKV", "query.mkv"), ("noname", "query")],
)
def test_the_clients_name_is_never_a_path(client, engine, tmp_path, name, kept):
    answer = send(client, "clip", a_clip(tmp_path, RED), name)
    assert answer.status_code == 200
    assert engine.seen[0].name == kept
    assert engine.seen[0].is_relative_to(tmp_path / "uploads")


def test_too_large_is_refused_before_it_is_searched_with(client, engine):
    answer = send(client, "clip", b"x" * 300_000, "film.mp4")
    assert answer.status_code == 413
    assert answer.json["error"]["code"] == "RequestEntityTooLarge"
    assert engine.seen == []


@pytest.mark.parametrize(
    "data", [{}, {"file": "just text"}, {"other": (io.BytesIO(b"x"), "a.mp4")}]
)
def test_without_a_file_it_says_what_to_send(client, data):
    answer = client.post("/api/v1/search/image", data=data)
    assert answer.status_code == 400
    assert "named file" in answer.json["error"]["message"]


def test_k_is_checked_before_the_upload_is_searched_with(client, engine):
    form = {"file": (io.BytesIO(a_picture(RED)), "a.png")}
    assert client.post("/api/v1/search/image?k=1000", data=form).status_code == 400
    assert engine.seen == []
