"""Whether an answer says that nothing matches."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexer.store.records import NewPassage, SourceRecord
from indexer.store.writer import open_for_writing
from search.engine import SearchEngine
from search.results import SearchResult
from search.table import table
from tests.narrated import Reader, ids_by_name


@pytest.mark.parametrize("text", ["red", "green"])
def test_what_is_there_is_a_match(colour_engine: SearchEngine, text: str):
    found = colour_engine.search(text)
    assert found.moments
    assert not found.no_match
    assert found.to_json()["no_match"] is False


def test_what_is_not_there_is_none_and_the_nearest_are_listed(colour_engine: SearchEngine):
    found = colour_engine.search("an elephant in the snow", channels=["picture"])
    assert found.no_match
    assert found.moments
    assert found.to_json()["no_match"] is True


def test_each_moment_says_whether_it_is_one(colour_engine: SearchEngine):
    found = colour_engine.search("red", channels=["picture"])
    sure = {moment.title for moment in found.moments if moment.sure}
    assert sure == {"red", "mixed"}
    told = found.to_json()
    assert {one["title"] for one in told["results"] if one["sure"]} == sure
    again = SearchResult.from_json({**told, "generation": 1})
    assert [one.sure for one in again.moments] == [one.sure for one in found.moments]
    by_video = colour_engine.search("red", channels=["picture"], by_video=True)
    assert {moment.title for moment in by_video.moments if moment.sure} == sure
    assert not any(more.sure for moment in by_video.moments for more in moment.more)


def test_the_table_parts_them(colour_engine: SearchEngine):
    lines = table(colour_engine.search("red", channels=["picture"])).splitlines()
    place = lines.index("Less sure:")
    assert all("red.mp4" in line or "mixed.mp4" in line for line in lines[:place])
    assert "Less sure:" not in table(colour_engine.search("an elephant", channels=["picture"]))


def test_what_filters_or_quotes_ask_for_is_sure(
    colour_engine: SearchEngine, narrated_library: Path
):
    assert all(moment.sure for moment in colour_engine.search("longer:1s").moments)
    with SearchEngine.open(narrated_library, Reader()) as engine:
        assert all(moment.sure for moment in engine.search('"harbour gate"').moments)


def test_every_page_says_the_same(colour_engine: SearchEngine):
    first = colour_engine.search("red", 1)
    assert first.next is not None
    assert colour_engine.search("red", 1, page=first.next).no_match is first.no_match is False


def test_it_is_the_same_however_many_are_shown(narrated_library: Path, tmp_path: Path):
    """A name tells more than as many words that are said: the third is a match, others are none."""
    library = Path(shutil.copytree(narrated_library, tmp_path / "library"))
    with open_for_writing(library) as writer:
        ids, words = ids_by_name(writer.catalog), writer.catalog.words
        source = SourceRecord("new", "")
        said = [NewPassage("alpha bravo charlie delta", at, at + 2, "en") for at in (2, 20)]
        words.replace(ids["walk"], "speech", source, said)
        words.replace(ids["talk"], "name", source, [NewPassage("alpha bravo charlie delta")])
    with SearchEngine.open(library, Reader()) as engine:
        found = {k: engine.search("alpha bravo charlie delta zulu", k) for k in (1, 10)}
        assert [one.title for one in found[10].moments[:3]] == ["walk", "walk", "talk"]
        assert [one.no_match for one in found.values()] == [False, False]
        assert [one.sure for one in found[10].moments[:3]] == [False, False, True]


def test_words_that_have_to_be_there_are_a_match(narrated_library: Path):
    with SearchEngine.open(narrated_library, Reader()) as engine:
        assert not engine.search('"harbour gate"').no_match
        nothing = engine.search('"harbour volcano"')
    assert nothing.no_match
    assert not nothing.moments


def test_the_words_that_are_said_are_a_match_and_half_of_them_none(narrated_library: Path):
    with SearchEngine.open(narrated_library, Reader()) as engine:
        assert not engine.search("harbour gate", channels=["speech"]).no_match
        assert engine.search("gate zeppelin saxophone", channels=["speech"]).no_match
