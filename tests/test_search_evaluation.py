"""Recall of pairs: the figures are those of the definition, and nothing is left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from search.engine import SearchEngine
from search.errors import InvalidQuery
from search.evaluation import Pair, evaluate, rank_of, read_pairs


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
