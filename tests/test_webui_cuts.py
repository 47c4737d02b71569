"""Moments and answers as downloads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.played import Shown
from tests.scenes import RED, Scene
from tests.web_desk import make_app


def test_a_cut_is_a_download_that_plays(client, tmp_path):
    answer = client.get("/api/v1/videos/1/cut?start=1&end=2.5")
    assert (answer.status_code, answer.mimetype) == (200, "video/mp4")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ball 1.00-2.50.mp4"'
    assert answer.headers["X-Cut"] == "encoded"
    assert answer.content_length == len(answer.data)
    (tmp_path / "cut.mp4").write_bytes(answer.data)
    assert len(Shown(tmp_path / "cut.mp4").images) == 15


def test_the_whole_video_is_copied(client):
    answer = client.get("/api/v1/videos/1/cut?start=0&end=99&extension=.mp4")
    assert (answer.status_code, answer.headers["X-Cut"]) == (200, "copied")
    assert client.get("/api/v1/videos/1/cut?start=1.05&end=2&fast=1").headers["X-Cut"] == "copied"


def test_nothing_is_left_behind(engine, tmp_path):
    folder = tmp_path / "uploads"
    folder.mkdir()
    client = make_app(engine, upload_folder=folder).test_client()
    assert client.get("/api/v1/videos/1/cut?start=0&end=1").status_code == 200
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "start=1",
        "start=2&end=1",
        "start=nan&end=2",
        "start=7&end=9",
        "start=0&end=1&fast=maybe",
        "start=0&end=1&extension=.avi",
        "start=0&end=1&extension=/../x.mp4",
    ],
)
def test_what_is_not_asked_well(client, query):
    assert client.get(f"/api/v1/videos/1/cut?{query}").status_code == 400


def test_other_refusals(client, engine):
    engine.records[1] = replace(engine.records[1], duration_s=7200)
    assert client.get("/api/v1/videos/2/cut?start=0&end=301").status_code == 400
    assert client.get("/api/v1/videos/9/cut?start=0&end=1").status_code == 404
    Path(engine.records[0].path).write_bytes(b"no video")
    answer = client.get("/api/v1/videos/1/cut?start=0&end=1")
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "NotAVideo")
    Path(engine.records[0].path).unlink()
    assert client.get("/api/v1/videos/1/cut?start=0&end=1").status_code == 404


def test_a_busy_server_says_so(engine):
    app = make_app(engine, threads=2, heavy=1, heavy_wait_s=0)
    with app.extensions["videobert-gate"].place():
        answer = app.test_client().get("/api/v1/videos/1/cut?start=0&end=1")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"].isdigit()


def test_the_name_of_a_file_cannot_break_the_answer(client, engine):
    record = engine.add('<b>\n\r"it\'s" ü 你好.mp4', Scene("odd", RED, 1))
    answer = client.get(f"/api/v1/videos/{record.id}/cut?start=0&end=1")
    assert answer.status_code == 200
    assert "\n" not in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("name", "kind", "extension", "begins"),
    [
        ("csv", "text/csv", ".csv", "rank,id,video,"),
        ("edl", "text/plain", ".edl", "TITLE: red sea\n"),
        ("m3u", "audio/x-mpegurl", ".m3u8", "#EXTM3U\n"),
    ],
)
def test_an_answer_is_a_download(client, name, kind, extension, begins):
    answer = client.get(f"/api/v1/search?q=red+sea&format={name}")
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert answer.content_type == f"{kind}; charset=utf-8"
    disposition = answer.headers["Content-Disposition"]
    assert disposition == f'attachment; filename="red sea{extension}"'
    assert answer.text.startswith(begins)
    assert "ball.mp4" in answer.text


def test_a_cut_list_at_another_rate(client):
    answer = client.get("/api/v1/search?q=red+sea&format=edl&fps=30")
    assert "* FRAME RATE: 30 FPS" in answer.text
    assert client.get("/api/v1/search?q=red&format=edl&fps=0").status_code == 400


def test_json_stays_what_it_was(client):
    plain = client.get("/api/v1/search?q=red+sea")
    assert client.get("/api/v1/search?q=red+sea&format=json").json == plain.json
    assert "Content-Disposition" not in plain.headers
    assert client.get("/api/v1/search?q=red&format=xlsx").status_code == 400


def test_a_question_that_is_no_file_name(client):
    answer = client.get("/api/v1/search", query_string={"q": '../red\n"sea" ü', "format": "csv"})
    assert answer.status_code == 200
    assert "/" not in answer.headers["Content-Disposition"].partition("filename*")[0]
