"""Words over all channels of a real library: what is seen, said, written and named."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from indexer.store.filters import Filters
from indexer.store.records import NewPassage, SourceRecord
from indexer.store.writer import open_for_writing
from model.encoder import Float32
from search.engine import SearchEngine
from search.errors import InvalidQuery
from search.evidence import CHANNELS
from search.results import Moment
from tests.narrated import Reader, ids_by_name

ANSWERED = {"picture": "green", "speech": "harbour", "screen": "sale", "name": "talk"}
"""A query that each channel has an answer to."""


class Mute(Reader):
    """Must not be asked."""

    def encode_text(self, texts: Sequence[str]) -> Float32:
        raise AssertionError(f"asked for {texts}")


@pytest.fixture
def own_library(narrated_library: Path, tmp_path: Path) -> Path:
    """One to write to."""
    return shutil.copytree(narrated_library, tmp_path / "library")


@pytest.fixture
def engine(narrated_library: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(narrated_library, Reader()) as engine:
        yield engine


def titles(moments: Sequence[Moment]) -> list[str]:
    return [moment.title for moment in moments]


# each channel


def test_a_sentence_is_found_by_its_words(engine: SearchEngine):
    best = engine.search("harbour gate", channels=["speech"]).moments[0]
    assert best.title == "walk"
    assert (best.matches[0].start_s, best.matches[0].end_s) == (2, 4)
    text = best.matches[0].text
    assert text == "We open the harbour gate."
    assert [text[a:b] for a, b in best.matches[0].highlights] == ["harbour", "gate"]


def test_a_sentence_is_found_by_its_meaning(engine: SearchEngine):
    best = engine.search("scarlet", channels=["speech"]).moments[0]
    assert best.title == "walk"
    assert best.start_s <= 27 < 30 <= best.end_s
    assert best.matches[0].text == "Now the sky turns red."
    assert best.matches[0].highlights == ()
    assert best.score > 0.5


def test_words_and_meaning_of_one_sentence_are_one_match(engine: SearchEngine):
    best = engine.search("red", channels=["speech"]).moments[0]
    [match] = best.matches
    assert [match.text[a:b] for a, b in match.highlights] == ["red"]


def test_writing_on_screen_is_found(engine: SearchEngine):
    [moment] = engine.search("summer sale", channels=["screen"]).moments
    assert moment.title == "sign"
    assert moment.channels == {"screen": pytest.approx(0.9)}
    assert moment.matches[0].to_json() == {
        "channel": "screen",
        "text": "SUMMER SALE",
        "highlights": [[0, 6], [7, 11]],
        "start_s": 1.0,
        "end_s": 3.0,
    }


def test_a_name_stands_for_its_video(engine: SearchEngine):
    [moment] = engine.search("talk", channels=["name"]).moments
    assert (moment.title, set(moment.channels)) == ("talk", {"name"})
    assert 0 <= moment.start_s < moment.end_s <= moment.duration_s
    assert moment.matches[0].start_s is None


def test_a_name_speaks_for_what_the_other_words_show(engine: SearchEngine):
    best = engine.search("walk green", channels=["picture", "name"]).moments[0]
    assert best.title == "walk"
    assert best.start_s >= 16
    assert set(best.channels) == {"picture", "name"}


def test_a_chapter_keeps_its_own_time(engine: SearchEngine):
    [moment] = engine.search("zebra", channels=["name"]).moments
    assert moment.start_s == pytest.approx(20, abs=1.5)
    assert moment.end_s == pytest.approx(24, abs=1.5)


@pytest.mark.parametrize("channel", CHANNELS)
def test_only_the_channel_that_is_asked_for_answers(engine: SearchEngine, channel: str):
    for query in (*ANSWERED.values(), "green harbour sale talk"):
        for moment in engine.search(query, 50, channels=[channel]).moments:
            assert set(moment.channels) == {channel}
            assert {match.channel for match in moment.matches} <= {channel}


@pytest.mark.parametrize("channels", [[], ["smell"], ["picture", "smell"]])
def test_unknown_channels_are_refused(engine: SearchEngine, channels: list[str]):
    with pytest.raises(InvalidQuery, match="picture, speech, screen, name"):
        engine.search("red", channels=channels)


# what must and must not be there


def test_a_phrase_asks_no_encoder(narrated_library: Path):
    with SearchEngine.open(narrated_library, Mute()) as engine:
        assert titles(engine.search('"summer sale"').moments) == ["sign"]
        assert set(titles(engine.search("harb*").moments)) == {"walk", "talk"}
        named = engine.search("summer sale", channels=["screen", "name"])
        assert titles(named.moments) == ["sign"]


@pytest.mark.parametrize("query", ['"harbour gate"', '"harbour gate" green', "gat* green"])
def test_what_is_required_is_in_every_moment(engine: SearchEngine, query: str):
    [moment] = engine.search(query, 50).moments
    assert moment.title == "walk"
    assert moment.start_s <= 2 < 4 <= moment.end_s


def test_a_phrase_counts_however_many_other_words_are_missing(engine: SearchEngine):
    query = '"harbour gate" about quarterly figures, budgets, people, plans, lunch and prices'
    assert titles(engine.search(query).moments) == ["walk"]


def test_what_is_excluded_is_in_no_moment(engine: SearchEngine):
    found = engine.search("harbour", channels=["speech"]).moments
    assert set(titles(found)[:2]) == {"walk", "talk"}
    for query in ("harbour -closed", 'harbour -"is closed"', "harbour -clos*"):
        assert "talk" not in titles(engine.search(query, channels=["speech"]).moments)


@pytest.mark.parametrize("channel", ["picture", "name"])
def test_what_is_said_excludes_what_is_seen_or_named(engine: SearchEngine, channel: str):
    query = {"picture": "green", "name": "talk"}[channel]
    assert "talk" in titles(engine.search(query, channels=[channel]).moments)
    found = engine.search(f"{query} -closed", channels=[channel]).moments
    assert "talk" not in titles(found)


def test_a_name_excludes_its_whole_video(engine: SearchEngine):
    moments = engine.search("green blue red harbour -walk", 50).moments
    assert moments
    assert "walk" not in titles(moments)


def test_what_is_said_elsewhere_in_a_video_excludes_nothing(engine: SearchEngine):
    moments = engine.search("green -gate", channels=["picture"]).moments
    assert "walk" in titles(moments)


# filters


@pytest.mark.parametrize("channel", CHANNELS)
def test_filters_hold_for_every_channel(engine: SearchEngine, channel: str):
    query = ANSWERED[channel]
    assert engine.search(query, channels=[channel]).moments
    best = engine.search(query, channels=[channel]).moments[0]
    longer = Filters(longer_s=best.duration_s + 0.5)
    for moment in engine.search(query, 50, channels=[channel], filters=longer).moments:
        assert moment.duration_s > best.duration_s
    same = Filters(longer_s=best.duration_s - 0.5, shorter_s=best.duration_s + 0.5)
    assert best.title in titles(engine.search(query, 50, channels=[channel], filters=same).moments)


@pytest.mark.parametrize("query", [*ANSWERED.values(), '"summer sale"', "green -closed"])
def test_filters_that_let_nothing_through_find_nothing(engine: SearchEngine, query: str):
    assert engine.search(query, filters=Filters(folder="/nowhere")).moments == ()


# what holds for every answer

QUERIES = [*ANSWERED.values(), "red", "green harbour sale talk walk", "zebra", "the", "nothing 7"]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("k", [1, 3, 1000])
def test_every_answer_is_in_order(engine: SearchEngine, query: str, k: int):
    moments = engine.search(query, k).moments
    assert 1 <= len(moments) <= k
    assert [m.score for m in moments] == sorted((m.score for m in moments), reverse=True)
    for moment in moments:
        assert 0 <= moment.score <= 1
        assert sum(moment.channels.values()) == pytest.approx(moment.score)
        assert 0 <= moment.start_s < moment.end_s <= moment.duration_s
        for other in moments:
            apart = moment.end_s <= other.start_s or other.end_s <= moment.start_s
            assert other is moment or other.video_id != moment.video_id or apart


def test_several_questions_are_encoded_together_and_answered_alike(narrated_library: Path):
    reader = Reader()
    with SearchEngine.open(narrated_library, reader) as engine:
        found = engine.search_texts(["red", '"summer sale"', "green"])
        assert reader.asked == 1
        assert found == [engine.search(result.query) for result in found]


def test_what_must_not_be_there_is_left_out_of_what_is_alike(engine: SearchEngine):
    assert "talk" in titles(engine.search("like:sign.mp4@3", 50).moments)
    without = titles(engine.search("like:sign.mp4@3 -harbour", 50).moments)
    assert without[0] == "again"
    assert "talk" not in without


@pytest.mark.parametrize("question", ['"gate"', "said:gate", "said:gate -tide"])
def test_one_video_that_talks_much_does_not_hide_another(own_library: Path, question: str):
    """Its lines fill all places that are looked at first, and make one moment, or none."""
    with open_for_writing(own_library) as writer:
        ids = ids_by_name(writer.catalog)
        for video, lines in ((ids["talk"], 600), (ids["walk"], 1)):
            said = [NewPassage("gate", i / 60, (i + 1) / 60, "en") for i in range(lines)]
            late = [NewPassage("low tide", 3, 4, "en")] if video == ids["talk"] else []
            source = SourceRecord("new", "")
            writer.catalog.words.replace(video, "speech", source, [*said, *late])
    with SearchEngine.open(own_library, Reader()) as engine:
        assert "walk" in titles(engine.search(question, 50).moments)


@pytest.mark.parametrize("channels", [CHANNELS, ("speech", "name")])
@pytest.mark.parametrize("words", ["", "said:sky"])
def test_a_minus_holds_for_what_is_only_alike(
    engine: SearchEngine, words: str, channels: Sequence[str]
):
    """Whatever other words the step has, and wherever they are looked for."""

    def begin(question: str) -> set[float]:
        result = engine.search(f"like:sign.mp4@1 {question}", 50, channels=channels)
        return {m.start_s for m in result.moments if m.title == "walk"}

    assert min(begin(words)) < 2  # when they open the gate
    without = begin(f"{words} -gate")
    assert without
    assert min(without) > 4
