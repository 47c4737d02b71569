"""The client gets from a running server what the engine says."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import cv2
import numpy as np
import pytest

from indexer.errors import TargetExists
from search import Client, SearchEngine
from search.errors import InvalidQuery, ServerProblem
from search.results import SearchResult
from tests.conftest import ColourEncoder
from tests.narrated import Reader
from tests.played import Shown
from tests.web_desk import serving
from webui.config import WebConfig


@pytest.fixture
def client(colour_library: Path, colour_engine):
    with serving(WebConfig(colour_library, engines=lambda: colour_engine)) as address:
        yield Client(address, timeout_s=20)


def told(result: SearchResult) -> SearchResult:
    """`result` as precisely as JSON has it."""
    return SearchResult.from_json({**result.to_json(), "generation": result.generation})


def test_the_same_answers_as_the_engine(client, colour_engine):
    assert client.search("red", 3) == told(colour_engine.search("red", 3))
    by_video = client.search("blue", by_video=True, channels=["picture"], tag=None)
    assert by_video == told(colour_engine.search("blue", by_video=True, channels=["picture"]))


def test_page_by_page(client):
    first = client.search("red", 2)
    second = client.search("red", 2, page=first.next)
    both = client.search("red", 4)
    assert [m.id for m in first.moments + second.moments] == [m.id for m in both.moments]


def test_filters_and_several_judgements(client, colour_engine):
    ids = [moment.id for moment in colour_engine.search("red", 3).moments]
    assert client.search("red", longer="30s").moments
    assert {Path(m.video).name for m in client.search("red", longer="30s").moments} == {"mixed.mp4"}
    assert client.search("blue", relevant=ids[:2], irrelevant=[ids[2]]).moments


def test_a_clip_and_a_picture_are_sent(client, colour_videos: Path, tmp_path: Path):
    clip = tmp_path / 'odd "name"\n ü.mp4'
    clip.write_bytes((colour_videos / "green.mp4").read_bytes())
    found = client.search_clip(clip, 1)
    assert Path(found.moments[0].video).name == "green.mp4"
    picture = np.full((40, 40, 3), (250, 0, 0), np.uint8)  # blue, as OpenCV has it
    cv2.imwrite(str(tmp_path / "blue.png"), picture)
    names = {Path(m.video).name for m in client.search_image(tmp_path / "blue.png", 2).moments}
    assert names == {"blue.mp4", "mixed.mp4"}


def test_videos_and_status(client, colour_engine):
    videos = list(client.videos())
    assert [video["path"] for video in videos] == [v.path for v in colour_engine.videos()]
    assert client.video(videos[0]["id"])["path"] == videos[0]["path"]
    assert client.status()["videos"] == 4


def test_reasons(client, colour_engine):
    moment = client.search("red", 1).moments[0]
    reasons = client.explain("red", moment)
    assert reasons.moment == moment.id
    assert "picture" in {line.channel for line in reasons.lines}
    assert client.explain("red", moment.id) == reasons


def test_a_cut_is_a_file(client, tmp_path: Path, colour_engine):
    red = colour_engine.find("red.mp4").id
    path = client.cut(f"{red}@0.5-2", tmp_path / "red.mp4")
    assert (path, len(Shown(path).images)) == (tmp_path / "red.mp4", 6)
    with pytest.raises(TargetExists):
        client.cut(f"{red}@0.5-2", path)
    assert client.cut(f"{red}@0-3", tmp_path).name == "red 0.00-3.00.mp4"
    assert client.cut(f"{red}@0-3", path, overwrite=True) == path
    assert len(Shown(path).images) == 12
    assert len(list(tmp_path.iterdir())) == 2
    with pytest.raises(InvalidQuery, match="by its id"):
        client.cut("red.mp4@0-1", tmp_path)
    with pytest.raises(ServerProblem, match="extension"):
        client.cut(f"{red}@0-1", tmp_path / "x.avi")


def test_what_the_server_refuses(client, tmp_path: Path):
    for ask, code, status in [
        (lambda: client.search("longer:soon red"), "QuerySyntaxError", 400),
        (lambda: client.search("red", k=0), "BadRequest", 400),
        (lambda: client.search("red", longer="long"), "InvalidFilter", 400),
        (lambda: client.video(999), "UnknownVideo", 404),
        (lambda: client.cut("999@0-1", tmp_path), "UnknownVideo", 404),
        (lambda: client.search_clip(Path(__file__)), "NotAVideo", 422),
    ]:
        with pytest.raises(ServerProblem) as refused:
            ask()
        assert (refused.value.code, refused.value.status) == (code, status)
        assert refused.value.message
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_too_large(colour_library: Path, colour_engine, tmp_path: Path):
    (tmp_path / "film.mp4").write_bytes(bytes(30_000_000))
    config = WebConfig(colour_library, engines=lambda: colour_engine, max_upload_bytes=1000)
    with serving(config) as address, pytest.raises(ServerProblem, match=r"larger|Too Large"):
        Client(address).search_clip(tmp_path / "film.mp4")


def test_no_server():
    with pytest.raises(ServerProblem, match="videobert serve") as refused:
        Client("http://127.0.0.1:9").status()
    assert (refused.value.code, refused.value.status) == ("Unreachable", 0)
    for address in ("127.0.0.1:8000", "file:///etc/passwd", "", "http://"):
        with pytest.raises(InvalidQuery, match="no address"):
            Client(address)


def test_what_is_like_a_moment(client, colour_engine):
    moment = colour_engine.search("red", 1).moments[0]
    middle = f"{moment.video_id}@{(moment.start_s + moment.end_s) / 2}"
    expected = [found.id for found in colour_engine.search(f"like:{middle}", 3).moments]
    for name in (moment, moment.id, middle):
        assert [found.id for found in client.like(name, 3).moments] == expected
    with_words = client.like(moment, 3, q="blue")
    assert [found.id for found in with_words.moments] != expected


def test_thumbs_are_kept_and_taken_back(colour_library: Path, tmp_path: Path):
    library = copytree(colour_library, tmp_path / "library")
    with (
        SearchEngine.open(library, ColourEncoder()) as engine,
        serving(WebConfig(library, engines=lambda: engine)) as address,
    ):
        client = Client(address)
        first, second = (moment.id for moment in client.search("red", 2).moments)
        assert client.judge("red", first, relevant=False)["irrelevant"] == [first]
        client.judge("red", second, relevant=True)
        assert client.judgements("red") == {"relevant": [second], "irrelevant": [first]}
        assert client.search("red", 1, thumbs=True).moments[0].id == second
        client.judge("red", second, relevant=None)
        assert client.judge("red", first, relevant=None) == {"relevant": [], "irrelevant": []}


def test_what_is_said(narrated_library: Path):
    with (
        SearchEngine.open(narrated_library, Reader()) as engine,
        serving(WebConfig(narrated_library, engines=lambda: engine)) as address,
    ):
        client = Client(address)
        walk = engine.find("walk.mp4").id
        said = client.transcript(walk)
        assert said["cues"][0]["text"] == "We open the harbour gate."
        assert said == client.transcript(walk, "en")
        with pytest.raises(ServerProblem, match="no transcript in 'fr'"):
            client.transcript(walk, "fr")


def test_the_newest_videos(client):
    newest = client.newest()
    assert len(newest) == 4
    assert client.newest(1) == newest[:1]
    assert [Path(video["path"]).name for video in client.newest(longer="30s")] == ["mixed.mp4"]


def test_a_preview_is_a_file(client, tmp_path: Path, colour_engine):
    red = colour_engine.find("red.mp4").id
    path = client.preview(f"{red}@0.5-2", tmp_path)
    assert path.name == f"{red}@0.5-2.mp4"
    assert Shown(path).duration_s == pytest.approx(1.5, abs=0.3)
    with pytest.raises(TargetExists):
        client.preview(f"{red}@0.5-2", path)
