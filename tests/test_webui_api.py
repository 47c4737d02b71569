"""The API says the same as the engine, with addresses, and says clearly what it cannot do."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from indexer.store.filters import Filters
from tests.fake_engine import FakeEngine
from tests.scenes import BLUE, Scene
from tests.web_desk import make_app


def test_words_find_the_moment_that_they_describe(client, engine):
    answer = client.get("/api/v1/search?q=red+ball").json
    assert answer["query"] == "red ball"
    assert answer["generation"] == 7
    [moment] = answer["results"]
    version = engine.records[0].content[:16]
    assert moment == {
        "id": "1@0-3",
        "video": engine.records[0].path,
        "start_s": 0.0,
        "end_s": 3.0,
        "score": 1.0,
        "sure": True,
        "channels": {"picture": 1.0},
        "matches": [],
        "copies": [],
        "video_id": 1,
        "title": "ball",
        "duration_s": 6,
        "match": 1.0,
        "poster": f"/media/1/poster.jpg?v={version}",
        "stream": "/media/1/stream",
        "preview": "/media/1/preview.mp4",
        "thumbnail": {
            "url": f"/media/1/sprites/0.jpg?v={version}",
            "sheet": 0,
            "column": 1,
            "row": 0,
            "columns": 10,
            "rows": 1,
            "width": 192,
            "height": 108,
            "interval_s": 1.5,
        },
    }


def test_the_best_comes_first_and_the_others_are_measured_by_it(client):
    results = client.get("/api/v1/search?q=green+sea+grass").json["results"]
    assert [moment["title"] for moment in results] == ["ball", "sea"]
    assert [moment["score"] for moment in results] == [0.6667, 0.3333]
    assert [moment["match"] for moment in results] == [1.0, 0.5]


def test_k_bounds_the_answer(client):
    assert len(client.get("/api/v1/search?q=a+the+green&k=2").json["results"]) == 2


def test_no_result_is_an_answer(client):
    answer = client.get("/api/v1/search?q=elephant")
    assert (answer.status_code, answer.json["results"]) == (200, [])


def test_like_finds_moments_that_look_the_same(client, engine):
    engine.add("again.mp4", Scene("water", BLUE, 3))
    results = client.get("/api/v1/search?like=2@1.5").json["results"]
    assert [moment["title"] for moment in results] == ["sea", "again"]


def test_artwork_that_is_missing_costs_only_the_thumbnail(client, engine):
    (engine.artwork(1) / "artwork.json").unlink()
    [moment] = client.get("/api/v1/search?q=red").json["results"]
    assert moment["thumbnail"] is None


def test_damaged_artwork_costs_only_the_thumbnail_and_is_logged(client, engine, caplog):
    (engine.artwork(1) / "artwork.json").write_text('{"tile_width": 192')
    [moment] = client.get("/api/v1/search?q=red").json["results"]
    assert moment["thumbnail"] is None
    assert "artwork.json" in caplog.text


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("search", "q=words"),
        ("search?q=", "The query is empty"),
        ("search?q=sea&k=0", "k must be a whole number from 1 to 100"),
        ("search?q=sea&k=101", "k must be"),
        ("search?q=sea&k=ten", "k must be"),
        ("search?q=sea&k=-1", "k must be"),
        ("search?q=sea&k=%C2%B2", "k must be"),
        ("search?q=sea&k=" + "9" * 5000, "k must be"),
        ("search?like=1", "VIDEO@SECONDS"),
        ("search?like=../etc@1", "VIDEO@SECONDS"),
        ("search?like=1@nan", "VIDEO@SECONDS"),
        ("search?like=1@-1", "VIDEO@SECONDS"),
        ("search?like=1@inf", "VIDEO@SECONDS"),
        ("search?like=1@99", "ends before"),
        ("videos?limit=201", "limit must be"),
        ("videos?after=-1", "after must be"),
        ("videos?order=oldest", "order must be"),
    ],
)
def test_wrong_use_is_explained(client, address, said):
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 400
    assert answer.json["error"]["status"] == 400
    assert said in answer.json["error"]["message"]


@pytest.mark.parametrize(
    "address", ["videos/9", "search?like=9@1", "search?like=9999999999999999999@1"]
)
def test_an_unknown_video_is_not_found(client, address):
    answer = client.get(f"/api/v1/{address}")
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "UnknownVideo")


def test_numbers_beyond_sql_are_not_found(client):
    answer = client.get("/api/v1/videos/9223372036854775808")
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "NotFound")


def test_searching_an_empty_library_says_so(tmp_path):
    answer = make_app(FakeEngine(tmp_path)).test_client().get("/api/v1/search?q=sea")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "EmptyLibrary")
    assert "videobert index" in answer.json["error"]["message"]


def test_videos_come_page_by_page(client, engine):
    engine.add("third.mp4", Scene("water", BLUE, 1))
    first = client.get("/api/v1/videos?limit=2").json
    assert [video["title"] for video in first["videos"]] == ["ball", "sea"]
    rest = client.get(f"/api/v1/videos?limit=2&after={first['next']}").json
    assert [video["title"] for video in rest["videos"]] == ["third"]
    assert rest["next"] is None


def test_the_newest_videos_come_first(client):
    videos = client.get("/api/v1/videos?order=newest&limit=1").json["videos"]
    assert [video["title"] for video in videos] == ["sea"]


@pytest.mark.parametrize(
    ("parameters", "parameter"),
    [
        ("after=soon", "after"),
        ("longer=1h&shorter=long", "shorter"),
        ("min_resolution=big", "min_resolution"),
        ("tag=beach&tag=%20", "tag"),
        ("in=../films", "in"),
        ("near=here", "near"),
    ],
)
def test_a_wrong_filter_is_named(client, parameters, parameter):
    for address in ("search?q=sea&", "search?like=1@1&", "videos/newest?"):
        answer = client.get(f"/api/v1/{address}{parameters}")
        error = answer.json["error"]
        assert (answer.status_code, error["code"]) == (400, "InvalidFilter")
        assert error["parameter"] == parameter


def test_filters_that_contradict_each_other_are_explained(client):
    error = client.get("/api/v1/search?q=sea&longer=2m&shorter=1m").json["error"]
    assert error["code"] == "InvalidQuery"
    assert "duration" in error["message"]
    assert "parameter" not in error


def test_filters_reach_the_engine(client, engine):
    clip = {"file": (BytesIO(Path(engine.records[0].path).read_bytes()), "clip.mp4")}
    client.post("/api/v1/search/clip?tag=Beach", data=clip)
    assert engine.filters == Filters(tags=("beach",))
    client.get("/api/v1/videos/newest?longer=1m&in=films")
    assert engine.filters == Filters(folder="films", longer_s=60)


def test_a_video_is_described(client, engine):
    video = client.get("/api/v1/videos/2").json
    assert (video["id"], video["title"], video["duration_s"]) == (2, "sea", 4)
    assert (video["width"], video["height"], video["codec"]) == (192, 108, "h264")
    assert video["path"] == engine.records[1].path


def test_status_counts(client):
    counts = {"generation": 7, "videos": 2, "clips": 3, "files": 2, "failed": 0}
    assert client.get("/api/v1/status").json == counts
