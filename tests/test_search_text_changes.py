"""Words over videos that have changed since the generation was made, or have near copies."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from indexer.store.library import Library
from indexer.store.records import NewPassage, SourceRecord
from indexer.store.writer import open_for_writing
from search.engine import SearchEngine
from search.results import Moment
from tests.colours import index_folder, write_colours
from tests.narrated import Reader, ids_by_name


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


def test_near_copies_are_one_answer_to_words(engine: SearchEngine):
    moments = engine.search("red", channels=["picture"]).moments
    assert len({"sign", "again"} & set(titles(moments))) == 1
    best = moments[0]
    [copy] = best.copies
    assert {best.title, Path(copy.video).stem} == {"sign", "again"}
    assert best.to_json()["copies"] == [
        {
            "video": copy.video,
            "video_id": copy.video_id,
            "start_s": pytest.approx(copy.start_s, abs=1e-3),
            "end_s": pytest.approx(copy.end_s, abs=1e-3),
        }
    ]


def test_near_copies_are_one_answer_to_looks_too(engine: SearchEngine):
    """But for a copy of what is asked with: that is what is looked for."""
    beside = engine.search_like("sign.mp4", 3).moments
    assert beside[0].title == "again"
    assert all(moment.copies == () for moment in beside)
    sign = Path(engine.find("sign.mp4").path)
    [copied, *others] = engine.search_clip(sign).moments
    assert {copied.title, Path(copied.copies[0].video).stem} == {"sign", "again"}
    assert not {"sign", "again"} & set(titles(others))


def test_near_copies_are_ranked_each(engine: SearchEngine):
    [ranked] = engine.rank_videos(["red"], ["picture"])
    assert ranked.keys() == set(engine.paths().values())


def test_a_sentence_that_was_replaced_is_not_found_by_its_meaning(own_library: Path):
    with SearchEngine.open(own_library, Reader()) as engine:
        before = engine.search("scarlet", channels=["speech"]).moments
        assert before[0].score > 0.5
        with open_for_writing(own_library) as writer:
            walk = ids_by_name(writer.catalog)["walk"]
            other = [NewPassage("We say something else.", 1, 2, "en")]
            writer.catalog.words.replace(walk, "speech", SourceRecord("new", ""), other)
        after = engine.search("scarlet", 50, channels=["speech"]).moments
        assert all(moment.score < 0.5 for moment in after)
        assert "We say something else." not in {m.text for one in after for m in one.matches}


def test_a_video_that_is_newer_than_the_generation(tmp_path: Path):
    """Its name alone is no moment; what is said in it says when."""
    videos, library = tmp_path / "videos", tmp_path / "library"
    videos.mkdir()
    write_colours(videos / "old.mp4", "red")
    index_folder(library, videos, Reader())
    with Library.open(library) as opened:
        number = opened.generation.number
    write_colours(videos / "new.mp4", "green", seconds=9)
    (videos / "new.en.srt").write_text("1\n00:00:02,000 --> 00:00:04,000\nA rare zebra.\n")
    index_folder(library, videos, Reader())
    with SearchEngine(Library.open(library, generation=number), Reader()) as engine:
        for query in ("new", '"new"'):  # with a vector, and without one
            assert "new" not in titles(engine.search(query).moments)
        [moment] = engine.search('"rare zebra"').moments
        assert (moment.title, set(moment.channels)) == ("new", {"speech"})
        assert moment.start_s <= 2 < 4 <= moment.end_s


def test_a_chapter_behind_the_end_is_no_moment(own_library: Path):
    with open_for_writing(own_library) as writer:
        walk = ids_by_name(writer.catalog)["walk"]
        chapters = [NewPassage("Quokka epilogue", 90, 99), NewPassage("Wombat instant", 10, 10)]
        writer.catalog.words.replace(walk, "name", SourceRecord("new", ""), chapters)
    with SearchEngine.open(own_library, Reader()) as engine:
        assert engine.search('"quokka epilogue"').moments == ()
        [moment] = engine.search('"wombat instant"').moments
        assert moment.start_s < moment.end_s
