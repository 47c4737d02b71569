"""Recall of pairs: the figures are those of the definition, and nothing is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.captions import Caption
from indexer.store.clip_table import ClipTable
from search.engine import SearchEngine
from search.errors import InvalidQuery
from search.evaluation import evaluate, read_pairs
from search.evidence import PICTURE


def test_figures_follow_from_the_ranks(colour_engine: SearchEngine):
    """Green is alone in its colour; `mixed.mp4` is as red as `red.mp4`: a tie, so rank 2."""
    pairs = [Caption("green.mp4", "green"), Caption("red.mp4", "red")]
    found = evaluate(colour_engine, pairs, Path("/nowhere"), [PICTURE])
    figures = found.to_json()
    assert list(figures)[:5] == ["queries", "r1", "r5", "r10", "median_rank"]
    assert list(figures.values())[:5] == [2, 0.5, 1.0, 1.0, 1.5]
    assert list(figures)[5:] == ["mrr", "ndcg10", "map", "intervals", "missing"]
    assert figures["intervals"]["r1"] == [0, 1]
    assert figures["intervals"]["r5"] == [1, 1]
    assert figures["mrr"] in (0.75, 1.0)  # a tie is ordered by the names of its contents


def test_several_videos_of_one_caption_are_one_query(colour_engine: SearchEngine):
    """Each row has its own rank, of which one is 1; the query has both of its first two."""
    pairs = [Caption("red.mp4", "red"), Caption("mixed.mp4", "red")]
    found = evaluate(colour_engine, pairs, Path("/nowhere"), [PICTURE])
    assert (found.queries, len(found.qrels), len(found.run)) == (2, 1, 1)
    assert (found.mrr, found.ndcg10, found.map) == (1, 1, 1)
    assert found.r5 == 1


def test_a_run_calls_videos_by_their_content(colour_engine: SearchEngine):
    pairs = [Caption("green.mp4", "green"), Caption("lost one.mp4", "green")]
    found = evaluate(colour_engine, pairs, Path("/nowhere"), [PICTURE])
    content = colour_engine.find("green.mp4").content
    ((query, scores),) = found.run.items()
    assert max(scores, key=scores.__getitem__) == content
    assert found.qrels == {query: {content: 1, "absent:lost%20one.mp4": 1}}
    assert found.map == 0.5


def test_moments_are_asked_for_where_pairs_name_them(colour_engine: SearchEngine):
    (blue,) = colour_engine.search("blue", 1, channels=[PICTURE]).moments
    there = Caption("mixed.mp4", "blue", 2, blue.start_s, blue.end_s)
    elsewhere = Caption("green.mp4", "blue", 3, 0.0, 1.0)
    found = evaluate(colour_engine, [there], Path("/nowhere"), [PICTURE])
    assert found.moments is not None
    assert blue.video.endswith("mixed.mp4") == (found.moments.means["r1_iou70"] == 1)
    both = evaluate(colour_engine, [there, elsewhere], Path("/nowhere"), [PICTURE]).moments
    assert both is not None
    assert both.queries == 1
    assert both.to_json()["map_iou50"] <= found.moments.means["map_iou50"]
    assert evaluate(colour_engine, [Caption("red.mp4", "red")], Path()).moments is None


def test_a_moment_of_a_video_that_is_not_there_is_not_found(colour_engine: SearchEngine):
    pairs = [Caption("lost.mp4", "green", 2, 0.0, 3.0)]
    found = evaluate(colour_engine, pairs, Path("/nowhere"), [PICTURE])
    assert found.moments is not None
    assert set(found.moments.means.values()) == {0.0}


def test_a_run_is_no_better_than_itself(colour_engine: SearchEngine):
    pairs = [Caption("green.mp4", "green"), Caption("red.mp4", "red")]
    found = evaluate(colour_engine, pairs, Path("/nowhere"), [PICTURE])
    assert {one.verdict for one in found.against(found.run).values()} == {"no clear difference"}
    assert found.against({query: {} for query in found.run})["r5"].value == 1


def test_a_run_of_other_captions_is_refused(colour_engine: SearchEngine):
    found = evaluate(colour_engine, [Caption("red.mp4", "red")], Path("/nowhere"), [PICTURE])
    with pytest.raises(InvalidQuery, match="the same captions"):
        found.against({"q0": {"x": 1.0}})


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
    library, lost = colour_engine._library, colour_engine.find("red.mp4").id
    clips = library.catalog.clips_in(library.generation.number)
    left = clips[clips["video_id"] != lost]
    monkeypatch.setattr(library.catalog, "clips_in", lambda generation: left)
    table = ClipTable(library.catalog, library.generation.number, len(left))
    monkeypatch.setattr(library, "clips", table)
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
