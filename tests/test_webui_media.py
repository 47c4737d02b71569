"""Videos come by id and in parts, pictures may be kept, and no path of the client's is opened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.scenes import BLUE, RED, Scene
from webui import files
from webui.media_types import media_type


@pytest.fixture
def content(engine):
    return Path(engine.records[0].path).read_bytes()


def part(client, wanted, **headers):
    return client.get("/media/1/stream", headers={"Range": wanted, **headers})


def test_the_whole_file(client, content):
    answer = client.get("/media/1/stream")
    assert (answer.status_code, answer.data) == (200, content)
    assert answer.mimetype == "video/mp4"
    assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("wanted", "begin", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=100-", 100, None),
        ("bytes=-5", -5, None),
    ],
)
def test_a_part_of_the_file(client, content, wanted, begin, end):
    answer = part(client, wanted)
    assert (answer.status_code, answer.data) == (206, content[begin:end])
    start = begin % len(content)
    last = start + len(answer.data) - 1
    assert answer.headers["Content-Range"] == f"bytes {start}-{last}/{len(content)}"


def test_a_range_past_the_end_is_refused(client, content):
    answer = part(client, f"bytes={len(content)}-")
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(content)}"


@pytest.mark.parametrize("wanted", ["bytes=0-1,5-6", "furlongs=1-2", "bytes=9-2", "nonsense"])
def test_a_range_that_is_not_understood_is_ignored(client, content, wanted):
    answer = part(client, wanted)
    assert (answer.status_code, answer.data) == (200, content)


@pytest.mark.parametrize("wanted", ["bytes=0-", "bytes=0-999", "bytes=-1000"])
def test_a_long_range_is_answered_in_part(client, content, monkeypatch, wanted):
    """Else a paused player would hold a thread of the server."""
    monkeypatch.setattr(files, "LARGEST_PART_BYTES", 100)
    answer = part(client, wanted)
    begin = len(content) - 1000 if wanted == "bytes=-1000" else 0
    assert answer.data == content[begin : begin + 100]
    assert answer.headers["Content-Range"] == f"bytes {begin}-{begin + 99}/{len(content)}"


def test_what_the_client_has_is_not_sent_again(client):
    etag = client.get("/media/1/stream").headers["ETag"]
    again = client.get("/media/1/stream", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_part_of_a_file_that_has_changed_is_not_mixed_with_the_old_one(client, engine):
    etag = client.get("/media/1/stream").headers["ETag"]
    assert part(client, "bytes=0-9", **{"If-Range": etag}).status_code == 206
    Path(engine.records[0].path).write_bytes(b"another film")
    answer = part(client, "bytes=0-9", **{"If-Range": etag})
    assert (answer.status_code, answer.data) == (200, b"another film")


def test_a_file_that_is_gone_is_named(client, engine):
    Path(engine.records[0].path).unlink()
    answer = client.get("/media/1/stream", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert f"{engine.records[0].path} is no longer there" in answer.json["error"]["message"]


def test_a_folder_in_its_place_is_not_sent(client, engine):
    path = Path(engine.records[0].path)
    path.unlink()
    path.mkdir()
    assert client.get("/media/1/stream").status_code == 404


def test_the_name_of_a_file_cannot_break_the_answer(client, engine):
    record = engine.add('<b>\n\r"it\'s" ü 你好.mp4', Scene("odd", RED, 1))
    answer = client.get(f"/media/{record.id}/stream")
    assert answer.status_code == 200
    assert "\n" not in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "address",
    [
        "/media/9/stream",
        "/media/-1/stream",
        "/media/99999999999999999999/stream",
        "/media/..%2F..%2Fetc%2Fpasswd/stream",
        "/media/1/../../etc/passwd",
        "/media/1/sprites/1.jpg",
        "/media/1/sprites/..%2Fposter.jpg",
        "/media/1/artwork.json",
    ],
)
def test_nothing_else_is_served(client, address):
    assert client.get(address).status_code == 404


def test_pictures_may_be_kept_for_good_under_their_versioned_address(client, engine):
    version = engine.records[0].content[:16]
    for name in ("poster.jpg", "sprites/0.jpg"):
        versioned = client.get(f"/media/1/{name}?v={version}")
        assert versioned.mimetype == "image/jpeg"
        assert "immutable" in versioned.headers["Cache-Control"]
        assert "private" in versioned.headers["Cache-Control"]
        plain = client.get(f"/media/1/{name}?v=older")
        assert "no-cache" in plain.headers["Cache-Control"]
        etag = plain.headers["ETag"]
        again = client.get(f"/media/1/{name}", headers={"If-None-Match": etag})
        assert again.status_code == 304


def test_a_preview_is_a_playable_stretch(client):
    answer = client.get("/media/1/preview.mp4?start=1&end=2.5")
    assert answer.status_code == 200
    assert answer.mimetype == "video/mp4"
    assert answer.data[4:8] == b"ftyp"


@pytest.mark.parametrize(
    "stretch",
    ["", "?start=1", "?start=2&end=1", "?start=nan&end=2", "?start=-1&end=1", "?start=7&end=9"],
)
def test_a_preview_of_no_stretch_is_refused(client, stretch):
    assert client.get(f"/media/1/preview.mp4{stretch}").status_code == 400


def test_a_preview_has_a_bound(client, engine):
    engine.records[0] = replace(engine.records[0], duration_s=7200)
    assert client.get("/media/1/preview.mp4?start=0&end=7200").status_code == 400


def test_a_preview_of_a_file_that_is_gone(client, engine):
    Path(engine.records[1].path).unlink()
    assert client.get("/media/2/preview.mp4?start=0&end=1").status_code == 404


def test_head_says_how_long_it_is(client, content):
    answer = client.head("/media/1/stream")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.content_length == len(content)


@pytest.mark.parametrize(
    ("container", "extension", "expected"),
    [
        ("mov,mp4,m4a,3gp,3g2,mj2", ".mp4", "video/mp4"),
        ("mov,mp4,m4a,3gp,3g2,mj2", ".MOV", "video/quicktime"),
        ("mov,mp4,m4a,3gp,3g2,mj2", ".avi", "video/mp4"),
        ("matroska,webm", ".webm", "video/webm"),
        ("matroska,webm", ".mkv", "video/x-matroska"),
        ("avi", ".mp4", "video/x-msvideo"),
        ("mpegts", ".ts", "video/mp2t"),
        ("something new", ".html", "application/octet-stream"),
    ],
)
def test_the_type_follows_the_bytes_not_the_name(container, extension, expected):
    assert media_type(container, extension) == expected


def test_a_large_file_arrives_whole_in_parts(client, engine, monkeypatch):
    monkeypatch.setattr(files, "LARGEST_PART_BYTES", 777)
    record = engine.add("long.mp4", Scene("", BLUE, 14))
    whole, arrived = Path(record.path).read_bytes(), b""
    while len(arrived) < len(whole):
        wanted = {"Range": f"bytes={len(arrived)}-"}
        arrived += client.get(f"/media/{record.id}/stream", headers=wanted).data
    assert arrived == whole
