"""What the API tells of one video, and of what is said in it, over a library really indexed."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from search.live import EngineHolder
from tests.colours import index_folder, write_colours
from tests.conftest import ColourEncoder
from tests.web_desk import WholeAnswers
from webui import create_app
from webui.config import WebConfig

SAID = """1
00:00:00,500 --> 00:00:02,000
The wall is painted.

2
00:00:04,000 --> 00:00:06,500
Now it is <green> & dry.
"""
TOLD = {
    "title": "How to paint",
    "description": "First red,\nthen green.",
    "tags": ["Walls", "diy"],
    "upload_date": "20240531",
    "uploader": "A painter",
    "webpage_url": "https://example.org/paint",
}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """Video 1 is `paint`, of which all is known; video 2 is `silent`."""
    films = tmp_path_factory.mktemp("films")
    write_colours(films / "paint.mp4", "red", "green")
    (films / "paint.en.srt").write_text(SAID, "utf-8")
    (films / "paint.de.srt").write_text(SAID.replace("dry", "trocken"), "utf-8")
    (films / "paint.info.json").write_text(json.dumps(TOLD), "utf-8")
    library = tmp_path_factory.mktemp("library")
    index_folder(library, films, ColourEncoder())
    write_colours(films / "silent.mp4", "blue", seconds=1)
    index_folder(library, films, ColourEncoder())
    app = create_app(WebConfig(library, engines=EngineHolder(library, ColourEncoder())))
    app.test_client_class = WholeAnswers
    return app.test_client()


def test_what_was_told_of_a_video(client):
    video = client.get("/api/v1/videos/1").json
    assert (video["title"], video["author"]) == ("How to paint", "A painter")
    assert video["description"] == "First red,\nthen green."
    assert video["tags"] == ["diy", "walls"]
    assert video["recorded_at"].startswith("2024-05-31")
    assert video["url"] == "https://example.org/paint"
    assert (video["camera"], video["place"]) == ("", None)


def test_of_another_nothing_is_known(client):
    video = client.get("/api/v1/videos/2").json
    assert (video["title"], video["tags"], video["transcript"]) == ("silent", [], None)
    assert (video["recorded_at"], video["url"]) == (None, None)


def test_shots_and_pictures_tell_what_it_holds(client):
    video = client.get("/api/v1/videos/1").json
    assert video["shots"] == [0, 3]
    assert [picture["start_s"] for picture in video["storyboard"]] == [0, 1.5, 3, 4.5]
    for picture in video["storyboard"]:
        assert picture["start_s"] < picture["time_s"] < video["duration_s"]
        tile = picture["thumbnail"]
        shown = tile["row"] * tile["columns"] + tile["column"]
        assert shown * tile["interval_s"] == pytest.approx(picture["time_s"], abs=1.5)
        assert client.get(tile["url"]).status_code == 200


def test_what_is_said_comes_sentence_by_sentence(client):
    assert client.get("/api/v1/videos/1").json["transcript"] == {
        "source": "paint.en.srt, paint.de.srt",
        "languages": ["en", "de"],
    }
    said = client.get("/api/v1/videos/1/transcript").json
    assert (said["language"], said["languages"]) == ("en", ["en", "de"])
    assert said["cues"][0] == {"start_s": 0.5, "end_s": 2.0, "text": "The wall is painted."}
    german = client.get("/api/v1/videos/1/transcript?language=de").json
    assert (german["language"], german["cues"][1]["text"][-8:]) == ("de", "trocken.")


def test_the_answers_are_as_described(client):
    description = client.get("/api/v1/openapi.json").json
    for name, address in (
        ("VideoDetails", "/api/v1/videos/1"),
        ("VideoDetails", "/api/v1/videos/2"),
        ("Transcript", "/api/v1/videos/1/transcript"),
    ):
        schema = {"$ref": f"#/components/schemas/{name}", "components": description["components"]}
        Draft202012Validator(schema).validate(client.get(address).json)


@pytest.mark.parametrize(
    ("ending", "media_type", "start"),
    [("srt", "application/x-subrip", "1\n00:00:00,500"), ("vtt", "text/vtt", "WEBVTT")],
)
def test_it_can_be_kept_as_a_file(client, ending, media_type, start):
    answer = client.get(f"/api/v1/videos/1/transcript.{ending}")
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert answer.text.startswith(start)
    assert f"filename=paint.{ending}" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("ending", ["", ".srt", ".vtt"])
@pytest.mark.parametrize(
    ("video", "query", "status", "code"),
    [
        (2, "", 404, "NothingSaid"),
        (9, "", 404, "UnknownVideo"),
        (1, "?language=fr", 400, "InvalidQuery"),
    ],
)
def test_what_is_not_said_is_an_error(client, ending, video, query, status, code):
    answer = client.get(f"/api/v1/videos/{video}/transcript{ending}{query}")
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


def test_the_newest_videos_that_fit_the_filters(client):
    def titles(filters):
        found = client.get(f"/api/v1/videos/newest?{filters}").json["videos"]
        return [video["title"] for video in found]

    assert titles("") == ["silent", "paint"]
    assert titles("tag=Walls") == ["paint"]
    assert titles("shorter=2s&limit=1") == ["silent"]
    assert titles("tag=walls&shorter=2s") == []
