"""Recall of pairs: the figures are those of the definition, and nothing is left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.captions import Caption
from search.engine import SearchEngine
from search.errors import InvalidQuery
from search.evaluation import evaluate, rank_of, read_pairs
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
    pairs = [Caption("green.mp4", "green"), Caption("red.mp4", "red")]
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
    pairs = [Caption("red.mp4", "green"), Caption("green.mp4", "green")]
    assert evaluate(colour_engine, pairs, Path("/nowhere")).r1 == 0.5


def test_a_video_that_is_not_there_counts_as_never_found(colour_engine: SearchEngine):
    pairs = [Caption("green.mp4", "green"), Caption("lost.mp4", "blue")]
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
        for moment in colour_engine.search(text, 1000).moments:
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
    assert evaluate(colour_engine, [Caption(name, "red")], Path("/nowhere")).missing == (name,)


def test_pairs_are_read_and_can_be_asked(tmp_path: Path):
    path = tmp_path / "pairs.csv"
    path.write_text('video,caption,source\na.mp4,"red, and green",me\n')
    assert read_pairs(path) == [Caption("a.mp4", "red, and green")]


@pytest.mark.parametrize(("caption", "says"), [("!!!", "empty"), ("x" * 1001, "1001 characters")])
def test_a_caption_that_is_no_question_is_named_by_its_line(
    tmp_path: Path, caption: str, says: str
):
    path = tmp_path / "pairs.csv"
    path.write_text(f"video,caption\na.mp4,red\nb.mp4,{caption}\n")
    with pytest.raises(InvalidQuery, match=says) as refused:
        read_pairs(path)
    assert str(refused.value).startswith(f"{path}:3: ")
