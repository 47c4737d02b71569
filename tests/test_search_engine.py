"""The engine over a real library of coloured videos, with an encoder that one can follow by eye."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from indexer.errors import LibraryMismatch, LibraryNotFound, MediaError
from search.engine import SearchEngine
from search.errors import EmptyLibrary, InvalidQuery, UnknownVideo
from search.results import SearchResult
from tests.colours import index_folder
from tests.conftest import ColourEncoder


def titles(result: SearchResult) -> list[str]:
    return [moment.title for moment in result.moments]


def test_words_find_their_video_first(colour_engine: SearchEngine):
    assert titles(colour_engine.search("green"))[0] == "green"
    for colour in ("red", "blue"):  # both in `mixed` as well, as red and as blue
        assert set(titles(colour_engine.search(colour))[:2]) == {colour, "mixed"}


def test_a_moment_says_where_it_is(colour_engine: SearchEngine):
    """`mixed.mp4` is blue for 18 s, then red for 18 s."""
    moments = colour_engine.search("red").moments
    found = next(moment for moment in moments if moment.title == "mixed")
    assert found.start_s >= 18
    assert found.end_s == pytest.approx(36, abs=0.2)
    assert found.duration_s == pytest.approx(36, abs=0.2)
    assert sum(found.channels.values()) == pytest.approx(found.score)
    assert 0 < found.channels["picture"] < 1


def test_no_more_results_than_asked_for(colour_engine: SearchEngine):
    assert len(colour_engine.search("red", k=2).moments) == 2


def test_one_long_video_does_not_hide_the_others(colour_engine: SearchEngine):
    assert len({m.video_id for m in colour_engine.search("red", k=50).moments}) == 4


def test_results_are_best_first_and_never_overlap(colour_engine: SearchEngine):
    moments = colour_engine.search("green blue", k=50).moments
    assert [m.score for m in moments] == sorted((m.score for m in moments), reverse=True)
    for a in moments:
        for b in moments:
            if a is not b and a.video_id == b.video_id:
                assert a.end_s <= b.start_s or b.end_s <= a.start_s


def test_a_clip_finds_its_like(colour_engine: SearchEngine, colour_videos: Path):
    assert titles(colour_engine.search_clip(colour_videos / "green.mp4"))[0] == "green"


def test_a_picture_finds_its_like(colour_engine: SearchEngine, tmp_path: Path):
    path = tmp_path / "blue.png"
    blue_in_bgr = np.full((40, 60, 3), (250, 5, 5), np.uint8)
    cv2.imwrite(str(path), blue_in_bgr)
    assert titles(colour_engine.search_image(path))[0] in {"blue", "mixed"}
    assert titles(colour_engine.search_image(path.read_bytes()))[0] in {"blue", "mixed"}


def test_a_moment_finds_its_like_but_not_itself(colour_engine: SearchEngine):
    result = colour_engine.search_like("mixed.mp4", 30)
    assert result.query == "mixed.mp4@30"
    assert result.moments[0].title == "red"
    assert not any(m.title == "mixed" and m.start_s <= 30 <= m.end_s for m in result.moments)


def test_a_moment_can_be_given_by_id(colour_engine: SearchEngine):
    video = colour_engine.find("green.mp4")
    assert colour_engine.search_like(video.id, 1) == colour_engine.search_like(video.path, 1)


@pytest.mark.parametrize("text", ["", "   ", "?!", "…"])
def test_an_empty_query_is_refused(colour_engine: SearchEngine, text: str):
    with pytest.raises(InvalidQuery, match="empty"):
        colour_engine.search(text)


def test_too_long_a_query_is_refused(colour_engine: SearchEngine):
    with pytest.raises(InvalidQuery, match="1001 characters; at most 1000"):
        colour_engine.search("x" * 1001)


@pytest.mark.parametrize("k", [0, -1, 1001])
def test_a_number_of_results_out_of_range_is_refused(colour_engine: SearchEngine, k: int):
    with pytest.raises(InvalidQuery, match="1 to 1000"):
        colour_engine.search("red", k)
    with pytest.raises(InvalidQuery, match="1 to 1000"):
        colour_engine.search_like("red.mp4", 1, k)


def test_as_many_results_as_are_allowed_may_be_asked_for(colour_engine: SearchEngine):
    """The moment that is asked with, and left out, counts for nothing."""
    found = titles(colour_engine.search_like("green.mp4", 1, 1000))
    assert sorted(set(found)) == ["blue", "mixed", "red"]


def test_an_unknown_video_is_refused(colour_engine: SearchEngine):
    with pytest.raises(UnknownVideo, match=r"lost\.mp4 is not in the library"):
        colour_engine.search_like("lost.mp4", 1)
    with pytest.raises(UnknownVideo):
        colour_engine.video(12345)


@pytest.mark.parametrize("seconds", [-1, 99, float("nan")])
def test_a_second_outside_the_video_is_refused(colour_engine: SearchEngine, seconds: float):
    with pytest.raises(InvalidQuery, match="outside"):
        colour_engine.search_like("red.mp4", seconds)


def test_a_clip_that_is_no_video_is_refused(colour_engine: SearchEngine, tmp_path: Path):
    path = tmp_path / "notes.mp4"
    path.write_text("not a video")
    with pytest.raises(MediaError, match=r"notes\.mp4"):
        colour_engine.search_clip(path)


def test_no_library_says_how_to_make_one(tmp_path: Path, encoder: ColourEncoder):
    with pytest.raises(LibraryNotFound, match="videobert index"):
        SearchEngine.open(tmp_path / "nothing", encoder)


def test_an_empty_library_says_how_to_fill_it(tmp_path: Path, encoder: ColourEncoder):
    (tmp_path / "videos").mkdir()
    index_folder(tmp_path / "library", tmp_path / "videos", encoder)
    with (
        SearchEngine.open(tmp_path / "library", encoder) as engine,
        pytest.raises(EmptyLibrary, match="videobert index"),
    ):
        engine.search("red")


def test_another_encoder_is_refused_with_the_remedy(colour_library: Path):
    with pytest.raises(LibraryMismatch, match="videobert rebuild"):
        SearchEngine.open(colour_library, ColourEncoder("another"))


def test_a_video_whose_file_is_gone_from_the_catalog_is_left_out(
    colour_videos: Path, tmp_path: Path, encoder: ColourEncoder
):
    """Its vectors stay in the live generation until the next one; results do not name it."""
    from indexer.store.writer import open_for_writing

    library = tmp_path / "library"
    index_folder(library, colour_videos, encoder)
    with open_for_writing(library) as writer:
        writer.catalog.remove_files([str(colour_videos / "red.mp4")])
    with SearchEngine.open(library, encoder) as engine:
        assert "red" not in titles(engine.search("red", k=50))


def test_counts_and_lists(colour_engine: SearchEngine):
    counts = colour_engine.counts()
    assert (counts["videos"], counts["files"], counts["failed"]) == (4, 4, 0)
    assert counts["clips"] >= 4 + 6
    listed = colour_engine.videos(limit=3)
    assert [v.id for v in listed] == sorted(v.id for v in listed)
    rest = colour_engine.videos(after_id=listed[-1].id)
    assert len(listed) + len(rest) == 4
    assert colour_engine.newest(1) == [rest[-1]]
    assert (colour_engine.artwork(listed[0].id) / "poster.jpg").is_file()
