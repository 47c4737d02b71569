"""Joined films: their truth is what is in them, and no clip is in both halves."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from benchmarks.joined import RATE_HZ, JoinedFilm, joined_films
from tests.colours import write_colours
from tests.conftest import COLOURS

CLIPS = 10


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten clips of 1 to 2 s with a caption each."""
    folder = tmp_path_factory.mktemp("data")
    clips = folder / "captioned_videos"
    clips.mkdir()
    rows = ["video,caption"]
    for i in range(CLIPS):
        write_colours(clips / f"{i}.mp4", [*COLOURS][i % len(COLOURS)], seconds=1 + i % 2)
        rows.append(f"{i}.mp4,caption {i}")
    (clips / "captions.csv").write_text("\n".join(rows))
    return folder


def made(data: Path, folder: Path, seed: int = 1) -> list[JoinedFilm]:
    folder.mkdir()
    return joined_films(data, folder, 4, seed)


def test_parts_follow_each_other_to_the_end_of_the_film(data: Path, tmp_path: Path):
    for film in made(data, tmp_path / "films"):
        ends = [0.0, *(part.end_s for part in film.parts)]
        assert [part.start_s for part in film.parts] == ends[:-1]
        with av.open(str(film.path)) as container:
            frames = sum(1 for _ in container.decode(video=0))
        assert frames == round(ends[-1] * RATE_HZ)


def test_no_clip_is_in_both_halves_nor_twice_in_a_film(data: Path, tmp_path: Path):
    films = made(data, tmp_path / "films")
    halves = [{p.video for f in films if f.tuning == half for p in f.parts} for half in (0, 1)]
    assert halves[0].isdisjoint(halves[1])
    assert all(len({p.video for p in f.parts}) == len(f.parts) >= 4 for f in films)


def test_the_same_seed_makes_the_same_films(data: Path, tmp_path: Path):
    first, again, other = (
        made(data, tmp_path / name, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert [f.parts for f in first] == [f.parts for f in again]
    assert [f.path.read_bytes() for f in first] == [f.path.read_bytes() for f in again]
    assert [f.parts for f in first] != [f.parts for f in other]
