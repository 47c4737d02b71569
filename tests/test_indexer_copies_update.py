"""The new videos of a library are compared with all others, each once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.channels.video import channel_videos
from indexer.copies.match import Kind
from indexer.copies.update import update_copies
from indexer.media.parts import FINGERPRINT
from indexer.readings import Readings
from indexer.store.library import Library
from indexer.store.writer import open_for_writing
from model.encoder import UInt8
from tests.colours import index_folder
from tests.conftest import ColourEncoder
from tests.films import film
from tests.synthetic import Clip, constant_rate, write_clip

FPS = 10


def write_film(path: Path, seed: int, seconds: int = 8) -> Path:
    shown = film(seed)

    def draw(index: int, width: int, height: int) -> UInt8:
        return shown(index / FPS)

    return write_clip(path, Clip(constant_rate(FPS, seconds), draw=draw, width=96, height=96))


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    """A film, the same a second longer, and another one."""
    folder = tmp_path / "videos"
    folder.mkdir()
    write_film(folder / "film.mp4", 1)
    write_film(folder / "longer.mp4", 1, seconds=9)
    write_film(folder / "other.mp4", 2)
    return folder


def pairs(library: Path) -> list[set[str]]:
    """Names of the videos that are copies of each other."""
    with Library.open(library) as opened:
        names = {video: Path(path).stem for path, video in opened.catalog.paths().items()}
        return [
            {names[match.a], names[match.b]} for match in opened.catalog.copies.matches([Kind.COPY])
        ]


def test_copies_are_known_after_indexing_and_as_new_ones_come(videos: Path, tmp_path: Path):
    library = tmp_path / "library"
    index_folder(library, videos, ColourEncoder())
    assert pairs(library) == [{"film", "longer"}]
    write_film(videos / "again.mp4", 2, seconds=9)
    index_folder(library, videos, ColourEncoder())
    assert sorted(map(sorted, pairs(library))) == [["again", "other"], ["film", "longer"]]
    (videos / "longer.mp4").unlink()
    index_folder(library, videos, ColourEncoder())
    assert pairs(library) == [{"again", "other"}]


def test_a_video_that_comes_back_is_compared_with_what_came_meanwhile(videos: Path, tmp_path: Path):
    library = tmp_path / "library"
    away = (videos / "longer.mp4").rename(tmp_path / "longer.mp4")
    index_folder(library, videos, ColourEncoder())
    (videos / "film.mp4").rename(tmp_path / "film.mp4")
    away.rename(videos / "longer.mp4")
    index_folder(library, videos, ColourEncoder())
    assert pairs(library) == []
    (tmp_path / "film.mp4").rename(videos / "film.mp4")
    index_folder(library, videos, ColourEncoder())
    assert pairs(library) == [{"film", "longer"}]


def test_a_video_whose_reading_is_lost_waits_until_it_is_read_again(videos: Path, tmp_path: Path):
    library = tmp_path / "library"
    index_folder(library, videos, ColourEncoder())
    with open_for_writing(library) as writer:
        readings = Readings(writer.paths, writer.catalog.words, {})
        known = channel_videos(writer.catalog)
        assert update_copies(writer.catalog.copies, readings, known) == 0
        kept, lost, other = (replace(v, recipes={FINGERPRINT: "newer"}) for v in known)
        lost = replace(lost, content="0" * 64)
        assert update_copies(writer.catalog.copies, readings, [kept, lost, other]) == 2
        assert writer.catalog.copies.compared("1 newer") == {kept.id, other.id}
