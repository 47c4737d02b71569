"""Parts of a clip that is asked with alone, over a library of real, small videos."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from indexer.store.filters import Filters
from search import clip_alignment
from search.engine import SearchEngine
from search.errors import InvalidQuery
from search.results import Moment, SearchResult
from search.table import table
from tests.colours import index_folder
from tests.conftest import ColourEncoder
from tests.films import SIDE, Film, film, joined
from tests.synthetic import Clip, constant_rate, write_clip

FPS = 4
FILMS = (1, 2, 3)
SECONDS = 24.0


def write_film(path: Path, shown: Film, seconds: float) -> Path:
    def draw(index: int, width: int, height: int) -> np.ndarray:
        return cv2.resize(shown(index / FPS), (width, height))

    times = constant_rate(FPS, seconds)
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_clip(path, Clip(times, draw=draw, width=SIDE, height=SIDE))


def later(shown: Film, start_s: float) -> Film:
    return lambda time_s: shown(start_s + time_s)


def compilation(path: Path, *cuts: tuple[int, float, float]) -> Path:
    """Each (film, start, seconds), one after the other."""
    parts = [(later(film(seed), start_s), seconds) for seed, start_s, seconds in cuts]
    return write_film(path, joined(*parts), sum(seconds for _, _, seconds in cuts))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `library` of three films; read only."""
    folder = tmp_path_factory.mktemp("films")
    for seed in FILMS:
        write_film(folder / "videos" / f"{seed}.mp4", film(seed), SECONDS)
    index_folder(folder / "library", folder / "videos", ColourEncoder())
    return folder


@pytest.fixture
def engine(made: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(made / "library", ColourEncoder()) as engine:
        yield engine


def copies(moments: Sequence[Moment]) -> list[tuple[str, float, float]]:
    """(title, seconds of the clip, seconds of the video) of what is a copy, in the clip's order."""
    found = [
        (moment.title, part.clip_start_s, part.start_s)
        for moment in moments
        for part in moment.aligned
        if part.kind == "copy"
    ]
    return sorted(found, key=lambda one: one[1])


def near(found: Sequence[tuple[str, float, float]], *true: tuple[str, float, float]) -> bool:
    titles = [one[0] for one in found] == [one[0] for one in true]
    return titles and bool(
        np.abs(np.subtract([one[1:] for one in found], [one[1:] for one in true])).max() <= 1
    )


def test_a_part_is_found_where_it_was_cut(engine: SearchEngine, tmp_path: Path):
    result = engine.search_clip(compilation(tmp_path / "cut.mp4", (2, 10, 6)))
    assert near(copies(result.moments), ("2", 0, 10))
    first = result.moments[0]
    [part] = first.aligned
    assert (first.title, part.speed) == ("2", 1)
    assert first.score >= 0.97
    assert part.clip_end_s <= result.clip_s == pytest.approx(6, abs=0.5)
    assert first.to_json()["aligned"] == [part.to_json()]
    told = {**result.to_json(), "generation": result.generation}
    again = SearchResult.from_json(told)
    assert again.to_json() == result.to_json()
    assert "      clip 0:00.0–" in table(result)
    assert "(copy)" in table(result)


def test_all_parts_of_a_compilation_come_first(engine: SearchEngine, tmp_path: Path):
    clip = compilation(tmp_path / "all.mp4", (3, 12, 6), (1, 3, 6), (2, 9, 6))
    moments = engine.search_clip(clip, 3).moments
    assert near(copies(moments), ("3", 0, 12), ("1", 6, 3), ("2", 12, 9))


def test_long_videos_are_not_all_compared(
    engine: SearchEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(clip_alignment, "ALWAYS", 1)
    monkeypatch.setattr(clip_alignment, "PROPOSED_S", SECONDS)
    clip = compilation(tmp_path / "all.mp4", (3, 12, 6), (1, 3, 6), (2, 9, 6))
    assert len(copies(engine.search_clip(clip).moments)) == 1


def test_two_parts_of_one_video_are_two_moments(engine: SearchEngine, tmp_path: Path):
    clip = compilation(tmp_path / "twice.mp4", (1, 14, 6), (2, 4, 6), (1, 1, 6))
    moments = engine.search_clip(clip, 3).moments
    assert near(copies(moments), ("1", 0, 14), ("2", 6, 4), ("1", 12, 1))
    alone = engine.search("", 5, clips=[clip], by_video=True).moments
    assert sorted(moment.title for moment in alone) == ["1", "2", "3"]
    assert any(part.kind == "copy" for m in alone if m.title == "1" for part in m.more[0].aligned)


def test_a_part_that_the_clip_shows_twice_is_one_moment(engine: SearchEngine, tmp_path: Path):
    clip = compilation(tmp_path / "again.mp4", (3, 8, 6), (2, 2, 6), (3, 8, 6))
    moments = engine.search_clip(clip, 2).moments
    assert near(copies(moments), ("3", 0, 8), ("2", 6, 2), ("3", 12, 8))


def test_pages_follow_one_another(engine: SearchEngine, tmp_path: Path):
    clip = compilation(tmp_path / "pages.mp4", (3, 12, 6), (1, 3, 6))
    whole = engine.search_clip(clip, 6).moments
    first = engine.search("", 2, clips=[clip])
    assert first.next is not None
    second = engine.search("", 4, clips=[clip], page=first.next)
    aligned = [(m.video_id, m.aligned) for m in (*first.moments, *second.moments)]
    assert aligned == [(m.video_id, m.aligned) for m in whole]
    for a in whole:
        for b in whole:
            assert (
                a is b or a.video_id != b.video_id or a.end_s <= b.start_s or b.end_s <= a.start_s
            )


def test_filters_hold_for_copies_too(engine: SearchEngine, tmp_path: Path):
    clip = compilation(tmp_path / "kept out.mp4", (2, 10, 6))
    assert engine.search("longer:1h", clips=[clip]).moments == ()
    assert engine.search_clip(clip, filters=Filters(longer_s=3600)).moments == ()


def test_another_film_is_only_similar(engine: SearchEngine, tmp_path: Path):
    moments = engine.search_clip(write_film(tmp_path / "new.mp4", film(9), 12)).moments
    assert {part.kind for moment in moments for part in moment.aligned} == {"similar"}
    assert all(len(moment.aligned) == 1 for moment in moments)


def test_beside_anything_else_a_clip_is_a_picture_of_it(engine: SearchEngine, tmp_path: Path):
    clip = compilation(tmp_path / "beside.mp4", (2, 10, 6))
    for result in (engine.search("red", clips=[clip]), engine.search("", clips=[clip, clip])):
        assert result.moments
        assert result.clip_s is None
        assert not any(moment.aligned for moment in result.moments)


def test_an_unknown_channel_is_refused(engine: SearchEngine, tmp_path: Path):
    clip = compilation(tmp_path / "channel.mp4", (2, 10, 3))
    with pytest.raises(InvalidQuery, match="smell"):
        engine.search("", clips=[clip], channels=["smell"])


@pytest.mark.parametrize("damage", [None, b"{}"])
def test_a_reading_that_is_lost_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: bytes | None
):
    write_film(tmp_path / "videos" / "1.mp4", film(1), 8)
    index_folder(tmp_path / "library", tmp_path / "videos", ColourEncoder())
    [reading] = (tmp_path / "library" / "readings").glob("*.json")
    reading.unlink()
    if damage is not None:
        reading.write_bytes(damage)
    clip = compilation(tmp_path / "cut.mp4", (1, 2, 5))
    with (
        SearchEngine.open(tmp_path / "library", ColourEncoder()) as engine,
        caplog.at_level(logging.WARNING),
    ):
        results = [engine.search_clip(clip) for _ in range(2)]
    assert [r.getMessage() for r in caplog.records if "1.mp4" in r.getMessage()] != []
    assert len(caplog.records) == 1
    for result in results:
        assert [part.kind for moment in result.moments for part in moment.aligned] == ["similar"]


def test_only_the_first_two_minutes_are_read(engine: SearchEngine, tmp_path: Path):
    """The copy begins after them."""
    black = lambda time_s: np.zeros((SIDE, SIDE, 3), np.uint8)  # noqa: E731
    clip = write_film(tmp_path / "long.mp4", joined((black, 121), (film(1), 8)), 129)
    result = engine.search_clip(clip)
    assert result.clip_s == pytest.approx(120, abs=1)
    assert copies(result.moments) == []
