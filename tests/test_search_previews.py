"""Previews are made once, kept within a bound, and never of another file than was indexed."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from indexer.errors import LibraryError, UnreadableFile
from indexer.store.paths import LibraryPaths
from search import previews
from search.engine import SearchEngine
from search.errors import InvalidQuery, UnknownVideo
from search.previews import Previews
from tests.colours import index_folder, write_colours
from tests.conftest import ColourEncoder


@pytest.fixture
def library(tmp_path) -> Path:
    """One video: 4 s of red, 4 s of blue."""
    folder = tmp_path / "videos"
    folder.mkdir()
    write_colours(folder / "x.mp4", "red", "blue", seconds=4)
    index_folder(tmp_path / "library", folder, ColourEncoder())
    return tmp_path / "library"


@pytest.fixture
def engine(library):
    with SearchEngine.open(library, ColourEncoder()) as engine:
        yield engine


@pytest.fixture
def video(engine):
    return engine.newest()[0]


@pytest.fixture
def quick(monkeypatch):
    """Files that say what they are of, in place of real previews; the list of those made."""
    made = []

    def make(source: Path, target: Path, start_s: float, end_s: float) -> None:
        made.append((start_s, end_s))
        target.parent.mkdir(exist_ok=True)
        target.write_text(f"{source.name} {start_s} {end_s}")

    monkeypatch.setattr(previews, "make_preview", make)
    return made


def test_a_real_one(engine, library, video):
    path = engine.preview(video.id, 3.0, 6.0)
    assert path == library / "media" / video.content / "preview-3000-6000.mp4"
    with av.open(str(path)) as container:
        images = [f.to_ndarray(format="rgb24") for f in container.decode(video=0)]
        assert container.duration / av.time_base == pytest.approx(3, abs=0.01)
    assert [int(np.argmax(image.mean(axis=(0, 1)))) for image in images] == [0] * 4 + [2] * 8
    assert (path.parent / "poster.jpg").is_file()


def test_it_is_made_once(engine, video, quick):
    assert engine.preview(video.id, 1, 2) == engine.preview(video.id, 1.0002, 2.0)
    engine.preview(video.id, 1, 3)
    assert quick == [(1.0, 2.0), (1.0, 3.0)]


def test_it_ends_with_the_video(engine, video, quick):
    engine.preview(video.id, 5, 1000)
    assert quick == [(5.0, round(video.duration_s, 3))]


@pytest.mark.parametrize("stretch", [(-1, 1), (2, 2), (3, 2), (100, 101), (float("nan"), 3)])
def test_no_such_stretch(engine, video, quick, stretch):
    with pytest.raises(InvalidQuery, match=r"x\.mp4 is 8\.\d s long"):
        engine.preview(video.id, *stretch)
    assert quick == []


def test_no_such_video(engine):
    with pytest.raises(UnknownVideo):
        engine.preview(77, 0, 1)


def test_the_newest_are_kept(engine, video, quick, monkeypatch):
    monkeypatch.setattr(previews, "KEPT", 3)
    made = []
    for number in range(6):
        path = engine.preview(video.id, number, number + 1)
        os.utime(path, (1e9 + number, 1e9 + number))
        made.append(path)
    kept = {path.name for path in made[0].parent.glob("preview-*")}
    assert kept == {path.name for path in made[-3:]}
    assert (made[0].parent / "poster.jpg").is_file()


def test_what_was_left_half_made_goes(engine, video, quick):
    first = engine.preview(video.id, 0, 1)
    old, young = (first.with_name(f".{first.name}.{n}.part") for n in ("old", "young"))
    for path in (old, young):
        path.touch()
    os.utime(old, (1e9, 1e9))
    engine.preview(video.id, 1, 2)
    assert (old.exists(), young.exists()) == (False, True)


def test_several_at_once_make_one(engine, video, monkeypatch):
    begun = []
    go = threading.Event()

    def make(source: Path, target: Path, start_s: float, end_s: float) -> None:
        begun.append(target)
        go.wait(10)
        target.write_text("made")

    monkeypatch.setattr(previews, "make_preview", make)
    threads = [threading.Thread(target=engine.preview, args=(video.id, 0, 1)) for _ in range(4)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()
    assert len(begun) == 1


def test_a_file_that_has_changed_is_not_shown(engine, video, quick):
    Path(video.path).write_bytes(b"another film")
    with pytest.raises(UnreadableFile, match="changed since it was indexed"):
        engine.preview(video.id, 0, 1)
    Path(video.path).unlink()
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        engine.preview(video.id, 0, 1)
    assert quick == []


def test_a_damaged_file_leaves_nothing(library, video):
    path = Path(video.path)
    path.write_bytes(bytes(path.stat().st_size))
    before = sorted(library.rglob("*"))
    with pytest.raises(Exception, match=r"x\.mp4"):
        Previews(LibraryPaths(library)).get(video, 0, 1)
    assert sorted(library.rglob("*")) == before


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_library_that_cannot_be_written(engine, video, monkeypatch, code):
    def make(source: Path, target: Path, start_s: float, end_s: float) -> None:
        raise OSError(code, os.strerror(code), str(target))

    monkeypatch.setattr(previews, "make_preview", make)
    with pytest.raises(LibraryError, match=os.strerror(code)) as caught:
        engine.preview(video.id, 0, 1)
    assert "Make the library's folder writable" in str(caught.value)
    assert video.content in str(caught.value)


def test_a_folder_that_cannot_be_made(library, video):
    shutil.rmtree(library / "media")
    (library / "media").touch()
    with pytest.raises(LibraryError, match="Not a directory"):
        Previews(LibraryPaths(library)).get(video, 0, 1)


def test_what_is_there_needs_no_writing(engine, video, quick, monkeypatch):
    path = engine.preview(video.id, 0, 1)

    def make(*args: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(previews, "make_preview", make)
    assert engine.preview(video.id, 0, 1) == path


def test_a_video_that_is_longer_than_a_preview(engine, video, quick):
    long = replace(video, duration_s=7200.0)
    with pytest.raises(InvalidQuery, match="at most 600 s"):
        Previews(LibraryPaths(Path())).get(long, 0, 7200)
