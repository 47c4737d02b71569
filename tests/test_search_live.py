"""A running server moves to the new generation without a dropped request."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from indexer.errors import LibraryNotFound
from indexer.nightly import rollback
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
    assert after.search_text("blue").moments[0].title == "blue"
    assert "blue" not in {m.title for m in before.search_text("blue").moments}
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
                result = holder.get().search_text("red")
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
