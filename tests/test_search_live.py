"""A running server moves to the new generation without a dropped request."""

from __future__ import annotations

import gc
import logging
import shutil
import threading
from pathlib import Path

import pytest

from indexer.errors import LibraryMismatch, LibraryNotFound
from indexer.nightly import rollback
from indexer.store.generation import set_current
from indexer.store.paths import LibraryPaths
from search import live
from search.engine import SearchEngine
from search.live import EngineHolder
from tests.colours import index_folder
from tests.conftest import ColourEncoder


@pytest.fixture
def videos(colour_videos: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "videos"
    folder.mkdir()
    for name in ("red.mp4", "green.mp4"):
        shutil.copy(colour_videos / name, folder)
    return folder


def test_it_moves_to_the_new_generation_and_back(
    videos: Path, colour_videos: Path, tmp_path: Path, encoder: ColourEncoder
):
    library = tmp_path / "library"
    index_folder(library, videos, encoder)
    holder = EngineHolder(library, encoder)
    before = holder.get()
    assert holder.get() is before
    shutil.copy(colour_videos / "blue.mp4", videos)
    index_folder(library, videos, encoder)
    after = holder.get()
    assert (before.generation, after.generation) == (1, 2)
    assert after.search("blue").moments[0].title == "blue"
    assert "blue" not in {m.title for m in before.search("blue").moments}
    rollback(library)
    assert holder.get().generation == 1


def test_no_request_is_dropped_while_generations_change(
    videos: Path, colour_videos: Path, tmp_path: Path, encoder: ColourEncoder
):
    library = tmp_path / "library"
    index_folder(library, videos, encoder)
    holder = EngineHolder(library, encoder)
    failures: list[BaseException] = []
    seen: set[int] = set()
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                result = holder.get().search("red")
                assert result.moments[0].title == "red"
                seen.add(result.generation)
            except BaseException as error:
                failures.append(error)
                raise

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for name in ("blue.mp4", "mixed.mp4"):
            shutil.copy(colour_videos / name, videos)
            index_folder(library, videos, encoder)
            holder.get()
        while 3 not in seen and not failures:
            stop.wait(0.01)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not failures


def test_a_library_that_appears_later_is_found(
    videos: Path, tmp_path: Path, encoder: ColourEncoder
):
    holder = EngineHolder(tmp_path / "library", encoder)
    with pytest.raises(LibraryNotFound):
        holder.get()
    index_folder(tmp_path / "library", videos, encoder)
    assert holder.get().generation == 1


@pytest.fixture
def library(videos: Path, tmp_path: Path, encoder: ColourEncoder) -> Path:
    index_folder(tmp_path / "library", videos, encoder)
    return tmp_path / "library"


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> dict[Path | None, str]:
    """Fingerprints of the encoders by the library's `model`; each load makes a new object."""
    known: dict[Path | None, str] = {None: "c010u5"}
    monkeypatch.setattr("model.registry.load_encoder", lambda folder: ColourEncoder(known[folder]))
    return known


def set_model(library: Path, folder: str) -> None:
    path = LibraryPaths(library).config
    lines = path.read_text().splitlines() if path.exists() else []
    path.write_text("\n".join([f'model = "{folder}"', *lines]))


def add(library: Path, colour_videos: Path, name: str, encoder: ColourEncoder) -> None:
    """Publish a generation that has the video `name` as well."""
    shutil.copy(colour_videos / name, library.parent / "videos")
    index_folder(library, library.parent / "videos", encoder)


def break_live(library: Path) -> Path:
    """Switch to a generation that cannot be opened; its folder."""
    shutil.copytree(library / "generations" / "000001", library / "generations" / "000009")
    (library / "generations" / "000009" / "manifest.json").unlink()
    set_current(LibraryPaths(library), 9)
    return library / "generations" / "000009"


def test_one_encoder_serves_all_generations_that_it_made(
    library: Path, colour_videos: Path, encoder: ColourEncoder, models: dict[Path | None, str]
):
    holder = EngineHolder(library)
    before = holder.get()
    add(library, colour_videos, "blue.mp4", encoder)
    after = holder.get()
    assert after.generation == 2
    assert after._encoder is before._encoder


def test_another_model_is_loaded_when_the_library_was_rebuilt_with_it(
    library: Path, colour_videos: Path, models: dict[Path | None, str]
):
    holder = EngineHolder(library)
    before = holder.get()
    models[Path("/another")] = "another"
    set_model(library, "/another")
    add(library, colour_videos, "blue.mp4", ColourEncoder("another"))
    assert holder.get().search("blue").moments[0].title == "blue"
    assert holder.get().generation == 2
    assert holder.problem is None
    assert before.search("red").moments[0].title == "red"


def test_a_model_that_cannot_be_read_changes_nothing(
    library: Path,
    colour_videos: Path,
    models: dict[Path | None, str],
    monkeypatch: pytest.MonkeyPatch,
):
    holder = EngineHolder(library)
    before = holder.get()
    models[Path("/another")] = "another"
    set_model(library, "/another")
    add(library, colour_videos, "blue.mp4", ColourEncoder("another"))
    with monkeypatch.context() as damaged:
        damaged.setattr(SearchEngine, "warm_up", lambda _: 1 / 0)
        assert holder.get() is before
    assert "division" in holder.problem


def test_the_old_generation_answers_while_the_new_one_cannot_be_opened(
    library: Path,
    colour_videos: Path,
    encoder: ColourEncoder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    holder = EngineHolder(library, encoder)
    before = holder.get()
    broken = break_live(library)
    monkeypatch.setattr(live, "RETRY_S", 0.0)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):  # each of them tries again
            assert holder.get() is before
    assert len(caplog.records) == 1
    assert str(broken) in holder.problem
    shutil.copy(library / "generations" / "000001" / "manifest.json", broken)
    assert holder.get() is not before
    assert holder.problem is None


def test_a_failure_is_not_repeated_at_every_request_but_at_the_next_switch(
    library: Path, colour_videos: Path, encoder: ColourEncoder
):
    holder = EngineHolder(library, encoder)
    before = holder.get()
    broken = break_live(library)
    assert holder.get() is before
    shutil.copy(library / "generations" / "000001" / "manifest.json", broken)
    assert holder.get() is before  # it is not yet time to try again
    set_current(LibraryPaths(library), 1)
    assert holder.get() is not before
    assert holder.problem is None


def test_an_engine_whose_catalog_is_gone_does_not_go_on(library: Path, encoder: ColourEncoder):
    holder = EngineHolder(library, encoder)
    holder.get()
    shutil.rmtree(library)
    for _ in range(2):
        with pytest.raises(LibraryNotFound):
            holder.get()
    assert holder.problem is None


def test_an_engine_does_not_go_on_over_another_catalog(library: Path, encoder: ColourEncoder):
    """Its clips' ids would be those of other videos."""
    holder = EngineHolder(library, encoder)
    holder.get().search("red")  # leaves a connection to the catalog that goes away
    shutil.rmtree(library)
    (library.parent / "videos" / "red.mp4").unlink()
    index_folder(library, library.parent / "videos", encoder)
    break_live(library)
    with pytest.raises(LibraryMismatch):
        holder.get()


def test_the_first_open_raises(library: Path, encoder: ColourEncoder):
    break_live(library)
    holder = EngineHolder(library, encoder)
    for _ in range(2):
        with pytest.raises(LibraryMismatch):
            holder.get()


def test_requests_get_the_old_engine_while_one_opens_the_new(
    library: Path, colour_videos: Path, encoder: ColourEncoder, monkeypatch: pytest.MonkeyPatch
):
    holder = EngineHolder(library, encoder)
    before = holder.get()
    add(library, colour_videos, "blue.mp4", encoder)
    opening, go_on, opened = threading.Event(), threading.Event(), []
    really_open = SearchEngine.open

    def slowly(*arguments: object, **known: object) -> SearchEngine:
        opening.set()
        assert go_on.wait(30)
        opened.append(really_open(*arguments, **known))
        return opened[-1]

    monkeypatch.setattr(SearchEngine, "open", slowly)
    first = threading.Thread(target=holder.get)
    first.start()
    try:
        assert opening.wait(30)
        assert all(holder.get() is before for _ in range(3))
        assert before.search("red").moments[0].title == "red"
    finally:
        go_on.set()
        first.join()
    assert [holder.get()] == opened
    assert holder.get().generation == 2


def test_an_old_engine_is_closed_when_the_last_request_lets_go(
    library: Path, colour_videos: Path, encoder: ColourEncoder
):
    holder = EngineHolder(library, encoder)
    request = holder.get()
    request.search("red")
    pool = request._library.catalog._engine.pool
    add(library, colour_videos, "blue.mp4", encoder)
    gc.disable()  # closed there and then, not when the collector comes by
    try:
        holder.get()
        assert request.search("red").moments
        assert pool.checkedin() == 1
        del request
        assert pool.checkedin() == 0
    finally:
        gc.enable()
