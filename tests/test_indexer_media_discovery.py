"""What is offered for indexing, and what is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexer.errors import UnreadableFile
from indexer.media.discovery import FoundVideo, find_videos
from tests.synthetic import Clip, awkward_folder, constant_rate, write_clip


@pytest.fixture
def clip(tmp_path_factory) -> bytes:
    folder = tmp_path_factory.mktemp("clip")
    return write_clip(folder / "x.mp4", Clip(constant_rate(4, 1))).read_bytes()


def names(root: Path) -> list[str]:
    found = list(find_videos(root))
    assert all(isinstance(one, FoundVideo) for one in found), found
    return [one.path.relative_to(root).as_posix() for one in found]


def test_candidates_in_order(tmp_path, clip):
    for name in ["b.MP4", "a b.webm", "sub/z.mkv", "sub/deep/é.avi", "no-extension", "x.bak"]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(clip)
    for name in [".hidden.mp4", ".cache/x.mp4", "a.jpg", "a.srt", "song.m4a", "n.txt", "d.csv"]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(clip)
    (tmp_path / "readme").write_text("words " * 300)
    (tmp_path / "void").touch()
    (tmp_path / "empty.mp4").touch()
    assert names(tmp_path) == [
        "a b.webm", "b.MP4", "empty.mp4", "no-extension", "sub/deep/é.avi", "sub/z.mkv", "x.bak",
    ]  # fmt: skip


def test_size_and_time_are_the_file_s(tmp_path, clip):
    path = tmp_path / "x.mp4"
    path.write_bytes(clip)
    os.utime(path, ns=(5, 1_234_567_890_123_456_789))
    assert list(find_videos(tmp_path)) == [
        FoundVideo(path, len(clip), 1_234_567_890_123_456_789)
    ]  # fmt: skip


def test_a_named_file_is_always_a_candidate(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("x")
    (found,) = find_videos(path)
    assert isinstance(found, FoundVideo)
    assert (found.path, found.size_bytes) == (path, 1)
    (missing,) = find_videos(tmp_path / "none.mp4")
    assert isinstance(missing, UnreadableFile)
    assert "none.mp4" in str(missing)


def test_links(tmp_path, clip):
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "film.mp4").write_bytes(clip)
    (root / "link.mp4").symlink_to(tmp_path / "film.mp4")
    (root / "loop").symlink_to(root)
    (root / "elsewhere").symlink_to(tmp_path)
    assert names(root) == ["link.mp4"]
    (root / "dead.mp4").symlink_to(tmp_path / "gone.mp4")
    dead, link = find_videos(root)
    assert isinstance(dead, UnreadableFile)
    assert isinstance(link, FoundVideo)


def test_special_files_are_left_alone(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    os.mkfifo(tmp_path / "pipe")
    assert list(find_videos(tmp_path)) == []


def test_what_cannot_be_read_is_reported(tmp_path, clip, monkeypatch):
    for name in ["a/x.mp4", "b/x.mp4"]:
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(clip)
    scandir = os.scandir

    def refuse(path):
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)  # modes do not stop root
    error, found = find_videos(tmp_path)
    assert isinstance(error, UnreadableFile)
    assert str(tmp_path / "a") in str(error)
    assert "Permission denied" in str(error)
    assert found.path == tmp_path / "b" / "x.mp4"


def test_name_that_is_not_utf8_is_passed_on(tmp_path, clip):
    name = b"\xff.mp4".decode("utf-8", "surrogateescape")
    (tmp_path / name).write_bytes(clip)
    (found,) = find_videos(tmp_path)
    assert found.path.name == name


def test_all_awkward_files_are_candidates():
    folder = awkward_folder()
    expected = sorted(p.name for p in folder.iterdir() if p.name != "manifest.csv")
    assert names(folder) == expected


def test_awkward_files_are_known_without_their_names(tmp_path):
    """First bytes alone find all but the empty one and one cut out of the middle of a stream."""
    folder = awkward_folder()
    for path in folder.iterdir():
        (tmp_path / path.stem).with_suffix(".unknown").write_bytes(path.read_bytes())
    missing = {p.stem for p in tmp_path.iterdir()} - {Path(n).stem for n in names(tmp_path)}
    assert missing == {"manifest", "result", "roundup997"}
