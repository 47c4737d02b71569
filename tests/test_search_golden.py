"""Golden queries keep a generation that finds less from going live."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer import nightly, pipeline
from indexer.errors import GenerationRefused
from indexer.store.generation import current_generation, generation_numbers
from indexer.store.library import Library
from indexer.store.notes import Notes
from indexer.store.paths import LibraryPaths
from indexer.store.saved_queries import SavedQuery
from indexer.store.stored_moment import StoredMoment
from search.engine import SearchEngine
from search.golden import GoldenGate, golden_answers
from search.saved_evaluation import SavedFigures, evaluate_saved
from tests.conftest import ColourEncoder
from tests.library_tools import write_video

GONE = StoredMoment("f" * 64, 0.0, 1.0, "/videos/gone.mp4")


@pytest.fixture
def library(tmp_path: Path, encoder: ColourEncoder) -> Path:
    """A reddish and a green video; "red" has to find the first, and one that is gone."""
    write_video(tmp_path / "videos" / "a.mp4", (220, 90, 90), seconds=1)
    write_video(tmp_path / "videos" / "b.mp4", (0, 250, 0), seconds=1)
    library = tmp_path / "library"
    assert pipeline.index(library, [tmp_path / "videos"], encoder).ok
    with SearchEngine.open(library, encoder) as engine, Notes(library) as notes:
        video = engine.find("a.mp4")
        expected = (StoredMoment(video.content, 0.0, 1.0, video.path), GONE)
        notes.saved_queries.save(SavedQuery("röt", "red", expected=expected))
    return library


def checks(library: Path) -> dict[str, str]:
    with Library.open(library) as opened:
        return {check["name"]: check["detail"] for check in opened.generation.manifest.checks}


def test_a_generation_that_finds_less_is_refused_until_it_is_accepted(
    library: Path, encoder: ColourEncoder
):
    write_video(library.parent / "videos" / "c.mp4", (250, 0, 0), seconds=1)
    with pytest.raises(GenerationRefused, match=r"'röt' finds 0 of 1 \(before: 1\).*accept-worse"):
        nightly.rebuild(library, encoder, accept=GoldenGate(library, encoder, k=1))
    paths = LibraryPaths(library)
    assert (current_generation(paths), generation_numbers(paths)) == (1, {1})
    assert [path.name for path in paths.generations.iterdir()] == ["000001"]
    gate = GoldenGate(library, encoder, k=1, accept_worse=True)
    assert nightly.rebuild(library, encoder, accept=gate).generation == 2
    assert "accepted as worse: 'röt'" in checks(library)["golden queries"]


def test_a_generation_that_finds_as_much_goes_live(library: Path, encoder: ColourEncoder):
    write_video(library.parent / "videos" / "c.mp4", (0, 0, 250), seconds=1)
    gate = GoldenGate(library, encoder, k=1)
    assert nightly.rebuild(library, encoder, accept=gate).generation == 2
    assert checks(library)["golden queries"] == "1 saved queries"


def test_an_answer_whose_video_has_left_is_not_missed(library: Path, encoder: ColourEncoder):
    (library.parent / "videos" / "a.mp4").unlink()
    gate = GoldenGate(library, encoder, k=1)
    assert nightly.rebuild(library, encoder, accept=gate).generation == 2


def test_a_live_generation_that_cannot_be_asked_does_not_stop_the_rebuild(
    library: Path, encoder: ColourEncoder
):
    (LibraryPaths(library).generation(1) / "vectors.faiss").write_bytes(b"")
    gate = GoldenGate(library, encoder, k=1)
    assert nightly.rebuild(library, encoder, accept=gate).generation == 2
    assert checks(library)["golden queries"].startswith("not compared: ")


def test_what_an_evaluation_gets_leaves_out_what_is_gone(library: Path, encoder: ColourEncoder):
    with SearchEngine.open(library, encoder) as engine, Notes(library) as notes:
        [query] = notes.saved_queries.list()
        [(moment, video)] = golden_answers(engine, query).items()
        assert (video, moment.start_s, moment.end_s) == (engine.find("a.mp4").id, 0.0, 1.0)
        assert evaluate_saved(engine, [query]) == [SavedFigures("röt", found=1, expected=1, gone=1)]
