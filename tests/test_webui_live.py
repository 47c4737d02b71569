"""The page over a library that was really indexed, and that changes while it is served."""

from __future__ import annotations

import shutil
from io import BytesIO

import pytest

from search.live import EngineHolder
from tests.colours import index_folder, write_colours
from tests.web_desk import WholeAnswers
from webui import create_app
from webui.config import WebConfig


def client_of(library, encoder):
    app = create_app(WebConfig(library, engines=EngineHolder(library, encoder)))
    app.test_client_class = WholeAnswers
    return app.test_client()


@pytest.fixture
def client(colour_library, encoder):
    return client_of(colour_library, encoder)


def test_words_lead_to_the_moment_its_picture_and_its_bytes(client):
    results = client.get("/api/v1/search?q=red&k=2").json["results"]
    assert {moment["title"] for moment in results} == {"red", "mixed"}
    for moment in results:
        assert moment["start_s"] == (18 if moment["title"] == "mixed" else 0)
        for address in (moment["poster"], moment["thumbnail"]["url"], moment["stream"]):
            assert client.get(address).status_code == 200
        tile = moment["thumbnail"]
        shown = tile["row"] * tile["columns"] + tile["column"]
        middle = (moment["start_s"] + moment["end_s"]) / 2
        assert shown * tile["interval_s"] == pytest.approx(middle, abs=tile["interval_s"])


def test_a_moment_leads_to_others_like_it(client):
    red = client.get("/api/v1/search?q=red&k=2").json["results"]
    start = next(moment for moment in red if moment["title"] == "red")
    address = f"/api/v1/search?like={start['video_id']}@1&k=1"
    [other] = client.get(address).json["results"]
    assert other["title"] == "mixed"
    assert other["start_s"] >= 18


def test_a_clip_leads_to_moments_like_it(client, colour_videos):
    clip = BytesIO((colour_videos / "green.mp4").read_bytes())
    answer = client.post("/api/v1/search/clip?k=1", data={"file": (clip, "lawn.mp4")})
    assert answer.json["query"] == "lawn.mp4"
    assert answer.json["results"][0]["title"] == "green"


@pytest.mark.parametrize("kind", ["clip", "image"])
def test_what_is_no_picture_is_refused(client, kind):
    file = (BytesIO(b"Dear Sir, "), "letter.mp4")
    answer = client.post(f"/api/v1/search/{kind}", data={"file": file})
    assert answer.status_code == 422
    assert "letter.mp4" in answer.json["error"]["message"]


def test_a_library_that_is_made_and_grows_is_seen_without_a_restart(
    tmp_path, colour_videos, encoder
):
    videos, library = tmp_path / "videos", tmp_path / "library"
    videos.mkdir()
    client = client_of(library, encoder)
    assert client.get("/readyz").status_code == 503
    assert client.get("/").status_code == 200
    shutil.copy(colour_videos / "red.mp4", videos)
    index_folder(library, videos, encoder)
    assert client.get("/api/v1/status").json["videos"] == 1
    write_colours(videos / "blue.mp4", "blue")
    index_folder(library, videos, encoder)
    assert client.get("/api/v1/status").json["videos"] == 2
    assert client.get("/api/v1/search?q=blue&k=1").json["results"][0]["title"] == "blue"
