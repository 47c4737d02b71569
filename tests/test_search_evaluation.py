"""Recall of pairs: the figures are those of the definition, and nothing is left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from search.engine import SearchEngine
from search.errors import InvalidQuery
from search.evaluation import Pair, evaluate, rank_of, read_pairs
from search.evidence import PICTURE


def test_the_best_has_rank_one():
    assert rank_of({7: 0.1, 8: 0.9, 9: 0.5}, 8) == 1


def test_a_model_that_cannot_tell_is_last_not_first():
    assert rank_of(dict.fromkeys(range(5), 0.25), 0) == 5


def test_what_was_not_found_has_no_rank():
    assert rank_of({7: 0.1}, 8) == rank_of({7: 0.1}, None) == float("inf")


def test_ranks_agree_with_sorting():
    draw = np.random.default_rng(0)
    scores = dict(enumerate(draw.random(50).tolist()))
    order = sorted(scores, key=lambda video: -scores[video])
    assert [rank_of(scores, i) for i in order] == list(range(1, 51))


def test_figures_follow_from_the_ranks(colour_engine: SearchEngine):
    """Green is alone in its colour; `mixed.mp4` is as red as `red.mp4`: a tie, so rank 2."""
    pairs = [Pair("green.mp4", "green"), Pair("red.mp4", "red")]
    found = evaluate(colour_engine, pairs, Path("/nowhere"), [PICTURE])
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
    for scores in colour_engine.rank_videos(["red", "blue"], [PICTURE]):
        assert scores[colour_engine.find("mixed.mp4").id] == pytest.approx(max(scores.values()))


def test_ranking_agrees_with_search(colour_engine: SearchEngine):
    """In whatever batches the texts come."""
    texts = ["red", "blue", "red green", "green"] * 3
    for text, scores in zip(texts, colour_engine.rank_videos(texts), strict=True):
        found: dict[int, float] = {}
        for moment in colour_engine.search_text(text, 1000).moments:
            found.setdefault(moment.video_id, moment.score)
        assert scores == pytest.approx(found)
        assert len(scores) == 4


def test_a_clip_that_the_catalog_has_lost_is_left_out(
    colour_engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
):
    catalog, lost = colour_engine._library.catalog, colour_engine.find("red.mp4").id
    clips = catalog.clips
    monkeypatch.setattr(
        catalog, "clips", lambda i: {k: c for k, c in clips(i).items() if c.video_id != lost}
    )
    (scores,) = colour_engine.rank_videos(["red"], [PICTURE])
    assert lost not in scores
    assert len(scores) == 3


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
