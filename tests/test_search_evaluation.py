"""Recall of pairs: the figures are those of the definition, and nothing is left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from search.engine import SearchEngine
from search.errors import InvalidQuery
from search.evaluation import Pair, evaluate, rank_of, read_pairs
from tests.conftest import ColourEncoder


def test_the_best_has_rank_one():
    assert rank_of(np.array([0.1, 0.9, 0.5], np.float32), 1) == 1


def test_a_model_that_cannot_tell_is_last_not_first():
    assert rank_of(np.zeros(5, np.float32), 0) == 5


def test_ranks_agree_with_sorting():
    draw = np.random.default_rng(0)
    scores = draw.random(50).astype(np.float32)
    order = np.argsort(-scores)
    assert [rank_of(scores, i) for i in order] == list(range(1, 51))


def test_figures_follow_from_the_ranks(colour_engine: SearchEngine):
    """Green is alone in its colour; `mixed.mp4` is as red as `red.mp4`: a tie, so rank 2."""
    pairs = [Pair("green.mp4", "green"), Pair("red.mp4", "red")]
    found = evaluate(colour_engine, pairs, Path("/nowhere"))
    assert found.to_json() == {
        "queries": 2,
        "r1": 0.5,
        "r5": 1.0,
        "r10": 1.0,
        "median_rank": 1.5,
        "missing": [],
    }


def test_wrong_captions_are_not_found_first(colour_engine: SearchEngine):
    pairs = [Pair("red.mp4", "green"), Pair("green.mp4", "green")]
    assert evaluate(colour_engine, pairs, Path("/nowhere")).r1 == 0.5


def test_a_video_that_is_not_there_counts_as_never_found(colour_engine: SearchEngine):
    pairs = [Pair("green.mp4", "green"), Pair("lost.mp4", "blue")]
    found = evaluate(colour_engine, pairs, Path("/nowhere"))
    assert (found.r1, found.r10, found.missing) == (0.5, 0.5, ("lost.mp4",))
    assert found.to_json()["median_rank"] is None  # infinity is not JSON


def test_videos_rank_by_their_best_moment(colour_engine: SearchEngine):
    """`mixed.mp4` is blue first and red later: both words find it."""
    scores, videos = colour_engine.best_per_video(["red", "blue"])
    mixed = videos.index(colour_engine.find("mixed.mp4").id)
    assert (scores[:, mixed] > 0.9).all()


def test_the_best_clip_of_each_video_counts(colour_engine: SearchEngine):
    """As by hand, clip for clip, in whatever batches the texts come."""
    texts = ["red", "blue", "red green", "green"] * 3
    scores, videos = colour_engine.best_per_video(texts)
    library = colour_engine._library
    for row, vector in zip(scores, ColourEncoder().encode_text(texts), strict=True):
        best = dict.fromkeys(videos, -np.inf)
        found, ids = library.generation.vectors.search(vector[None], 1000)
        for clip, score in zip(ids[0].tolist(), found[0], strict=True):
            video = library.catalog.clips([clip])[clip].video_id
            best[video] = max(best[video], score)
        assert row.tolist() == [best[video] for video in videos]
    again = [colour_engine.video_scores().best([text])[0].tolist() for text in texts]
    assert again == scores.tolist()


def test_the_clips_are_read_once_for_all_captions(
    colour_engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
):
    read: list[int] = []
    catalog = colour_engine._library.catalog
    clips = catalog.clips
    monkeypatch.setattr(catalog, "clips", lambda ids: read.append(len(ids)) or clips(ids))
    pairs = [Pair("green.mp4", "green")] * 200
    assert evaluate(colour_engine, pairs, Path("/nowhere")).queries == 200
    assert len(read) == 1


def test_a_clip_that_the_catalog_has_lost_is_left_out(
    colour_engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
):
    catalog, lost = colour_engine._library.catalog, colour_engine.find("red.mp4").id
    clips = catalog.clips
    monkeypatch.setattr(
        catalog, "clips", lambda i: {k: c for k, c in clips(i).items() if c.video_id != lost}
    )
    scores, videos = colour_engine.best_per_video(["red"])
    assert lost not in videos
    assert scores.shape == (1, 3)
    assert np.isfinite(scores).all()


@pytest.mark.parametrize("name", ["~nobody-here/a.mp4", "a\0.mp4", "a" * 5000])
def test_a_name_that_can_be_no_path_is_missing(colour_engine: SearchEngine, name: str):
    assert evaluate(colour_engine, [Pair(name, "red")], Path("/nowhere")).missing == (name,)


def test_pairs_are_read_from_a_csv_with_further_columns(tmp_path: Path):
    path = tmp_path / "pairs.csv"
    path.write_text('video,caption,source\na.mp4,"red, and green",me\n', "utf-8-sig")
    assert read_pairs(path) == [Pair("a.mp4", "red, and green")]


@pytest.mark.parametrize(
    ("text", "says"), [("a,b\n1,2\n", "columns"), ("video,caption\n", "no pair")]
)
def test_a_csv_without_pairs_is_refused(tmp_path: Path, text: str, says: str):
    path = tmp_path / "pairs.csv"
    path.write_text(text)
    with pytest.raises(InvalidQuery, match=says):
        read_pairs(path)


@pytest.mark.parametrize(
    ("rows", "line", "says"),
    [
        ("a.mp4,red\n\nb.mp4\n", 4, "has 1 fields, the first line 2"),
        ("a.mp4,red, and green\n", 2, "double quotes"),
        ('a.mp4,"red\nb.mp4,green\n', 2, "Close every quote"),
        ('a.mp4,"red\nwine"\nb.mp4,"gr"een\n', 4, "Close every quote"),
        (f"a.mp4,red\nb.mp4,{'x' * 140_000}\n", 3, "field limit"),
        ("a.mp4,  \n", 2, "no caption"),
        ("a.mp4,!!!\n", 2, "empty"),
        (f"a.mp4,{'x' * 1001}\n", 2, "1001 characters"),
        (" ,red\n", 2, "names no video"),
    ],
)
def test_a_bad_row_is_named_by_its_line(tmp_path: Path, rows: str, line: int, says: str):
    path = tmp_path / "pairs.csv"
    path.write_text("video,caption\n" + rows)
    with pytest.raises(InvalidQuery, match=says) as refused:
        read_pairs(path)
    assert str(refused.value).startswith(f"{path}:{line}: ")


def test_a_csv_in_latin_1_is_refused(tmp_path: Path):
    path = tmp_path / "pairs.csv"
    path.write_text("video,caption\na.mp4,café\n", "latin-1")
    with pytest.raises(InvalidQuery, match="Save it as UTF-8") as refused:
        read_pairs(path)
    assert str(refused.value).startswith(f"{path}:2: ")


def test_empty_fields_at_the_end_and_line_breaks_in_quotes_are_fine(tmp_path: Path):
    path = tmp_path / "pairs.csv"
    path.write_bytes(b'video,caption\r\na.mp4,"red\nwine",,\r\n')
    assert read_pairs(path) == [Pair("a.mp4", "red\nwine")]
