"""Whole questions to an engine: order, examples, pages, each video once, reasons."""

from __future__ import annotations

import pytest

from search.engine import SearchEngine
from search.errors import InvalidQuery
from search.evidence import PICTURE
from search.moment_ref import MomentRef
from search.results import SearchResult


def titles(result: SearchResult) -> list[str]:
    return [moment.title for moment in result.moments]


def ask(engine: SearchEngine, question: str, k: int = 10, **options) -> SearchResult:
    return engine.search(question, k, channels=[PICTURE], **options)


def test_one_thing_after_another_is_found_in_its_order(colour_engine: SearchEngine):
    first = ask(colour_engine, "blue then red").moments[0]
    assert first.title == "mixed"
    (start, end), (next_start, next_end) = first.steps
    assert 0 <= start < end <= 19
    assert 17 <= next_start < next_end <= 36
    assert (first.start_s, first.end_s) == (start, next_end)
    turned = ask(colour_engine, "red then blue").moments
    assert all(moment.score < first.score / 2 for moment in turned if moment.title == "mixed")


def test_the_next_has_to_come_in_time(colour_engine: SearchEngine):
    near = ask(colour_engine, "blue then red within 1s").moments[0]
    assert near.steps[1][0] - near.steps[0][1] <= 1.5  # the edges moved to a cut


def test_an_example_and_words_are_asked_together(colour_engine: SearchEngine):
    alone = titles(ask(colour_engine, "like:red.mp4@1"))
    assert "red" not in alone  # what is asked with is no answer
    assert alone[0] == "mixed"
    with_words = titles(ask(colour_engine, "like:red.mp4@1 green"))
    assert with_words[0] in ("green", "mixed")
    assert with_words.index("green") < with_words.index("blue")


def test_what_is_not_wanted_comes_last(colour_engine: SearchEngine):
    assert titles(ask(colour_engine, "red -like:green.mp4@1"))[-1] != "red"
    both = titles(ask(colour_engine, "red blue -like:blue.mp4@1"))
    assert both.index("red") < both.index("green")
    assert "blue" not in both


def test_pages_are_the_parts_of_one_list(colour_engine: SearchEngine):
    whole = ask(colour_engine, "red", 50)
    assert whole.next is None
    found, page = [], None
    while True:
        part = ask(colour_engine, "red", 2, page=page)
        found += part.moments
        page = part.next
        if page is None:
            break
    assert found == list(whole.moments)


def test_a_page_goes_on_in_another_process(colour_library, encoder):
    with SearchEngine.open(colour_library, encoder) as one:
        first = ask(one, "red", 2)
    with SearchEngine.open(colour_library, encoder) as other:
        second = ask(other, "red", 2, page=first.next)
    assert not {m.id for m in first.moments} & {m.id for m in second.moments}


def test_a_page_belongs_to_its_question(colour_engine: SearchEngine):
    page = ask(colour_engine, "red", 1).next
    with pytest.raises(InvalidQuery, match="another question"):
        ask(colour_engine, "blue", 1, page=page)
    with pytest.raises(InvalidQuery, match="another question"):
        ask(colour_engine, "red", 1, page=page, by_video=True)


def test_each_video_comes_once_with_its_other_moments(colour_engine: SearchEngine):
    result = ask(colour_engine, "red", by_video=True)
    assert sorted(titles(result)) == ["blue", "green", "mixed", "red"]
    moments = ask(colour_engine, "red", 50).moments
    mixed = next(moment for moment in result.moments if moment.title == "mixed")
    assert len(mixed.more) == sum(moment.title == "mixed" for moment in moments) - 1
    assert all(other.video_id == mixed.video_id for other in mixed.more)


def test_varied_results_are_the_same_in_another_order(colour_engine: SearchEngine):
    plain, varied = ask(colour_engine, "red", 50), ask(colour_engine, "red", 50, diversity=0.9)
    assert titles(varied)[0] == titles(plain)[0]
    assert sorted(titles(varied)) == sorted(titles(plain))


def test_each_video_once_may_be_varied_too(colour_engine: SearchEngine):
    """Mixed shows red in half of it, and is nearest to what comes first."""
    plain = ask(colour_engine, "red", by_video=True)
    varied = ask(colour_engine, "red", by_video=True, diversity=0.9)
    assert sorted(titles(varied)) == sorted(titles(plain)) == ["blue", "green", "mixed", "red"]
    assert titles(varied) != titles(plain)
    assert any(moment.more for moment in varied.moments)


@pytest.mark.parametrize("diversity", [-0.1, 1.1, float("nan")])
def test_a_diversity_that_is_no_share_is_refused(colour_engine: SearchEngine, diversity: float):
    with pytest.raises(InvalidQuery, match="0 to 1"):
        ask(colour_engine, "red", diversity=diversity)


def test_filters_alone_list_the_newest_videos_first(colour_engine: SearchEngine):
    result = colour_engine.search("longer:10s")
    assert titles(result) == ["mixed"]
    assert not result.no_match
    everything = colour_engine.search("longer:1s", 50).moments
    assert [m.video_id for m in everything] == sorted(
        (m.video_id for m in everything), reverse=True
    )


def test_reasons_follow_the_video(colour_engine: SearchEngine):
    mixed = colour_engine.find("mixed.mp4")
    found = colour_engine.explain("blue then red", MomentRef(str(mixed.id), 0, 30), [PICTURE])
    blue, red = found.lines
    assert (blue.clause, blue.step, red.clause, red.step) == ("blue", 0, "red", 1)
    assert blue.points[0].strength > blue.points[-1].strength
    assert red.points[0].strength < red.points[-1].strength
    assert [point.start_s for point in red.points] == sorted(p.start_s for p in red.points)


@pytest.mark.parametrize("question", ["like:nothing.mp4@1", "red like:999@1"])
def test_an_example_that_is_not_there_is_named(colour_engine: SearchEngine, question: str):
    from search.errors import UnknownVideo

    with pytest.raises(UnknownVideo):
        colour_engine.search(question)


@pytest.mark.parametrize(
    ("question", "count"), [("after:0001", 4), ("before:9999", 4), ("after:9999", 0)]
)
def test_a_date_beyond_all_files_is_no_error(
    colour_engine: SearchEngine, question: str, count: int
):
    assert len(colour_engine.search(question).moments) == count
