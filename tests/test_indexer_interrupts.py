"""Ctrl-C in the middle of a step: the report counts what the catalog holds."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest

from indexer import pipeline
from indexer.store.catalog_writer import CatalogWriter
from tests.conftest import ColourEncoder
from tests.library_tools import snapshot, write_video

VIDEOS = 4


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    for number in range(VIDEOS):
        write_video(tmp_path / "videos" / f"{number}.mp4", (60 * number, 250, 0), seconds=1)
    (tmp_path / "videos" / "broken.mp4").write_bytes(b"no video")
    return tmp_path / "videos"


def press_after(monkeypatch: pytest.MonkeyPatch, step: str, times: int = 1) -> None:
    """Ctrl-C arrives while the catalog is at the first `step`, as it does during a slow sync."""
    pending, original = [True], getattr(CatalogWriter, step)

    def pressed(self: CatalogWriter, *arguments: Any, **options: Any) -> Any:
        answer = original(self, *arguments, **options)
        if pending:
            pending.clear()
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)
        return answer

    monkeypatch.setattr(CatalogWriter, step, pressed)


@pytest.mark.parametrize("step", ["add_shard", "put_files"])
def test_what_a_stopped_run_reports_is_what_the_catalog_holds(
    step: str, videos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    press_after(monkeypatch, step)
    stopped = pipeline.index(tmp_path / "library", [videos], ColourEncoder())
    assert stopped.interrupted
    held = snapshot(tmp_path / "library").files
    assert stopped.indexed + len(stopped.failed) == len(held) > 0
    went_on = pipeline.index(tmp_path / "library", [videos], ColourEncoder())
    assert (went_on.unchanged, went_on.reread) == (stopped.indexed, 0)
    assert stopped.indexed + went_on.indexed == VIDEOS


def test_a_removed_file_is_counted_when_ctrl_c_follows(
    videos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pipeline.index(tmp_path / "library", [videos], ColourEncoder())
    (videos / "0.mp4").unlink()
    press_after(monkeypatch, "remove_files")
    stopped = pipeline.index(tmp_path / "library", [videos], ColourEncoder())
    assert (stopped.interrupted, stopped.removed) == (True, 1)


def test_a_second_ctrl_c_does_not_wait(
    videos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    press_after(monkeypatch, "add_shard", times=2)
    assert pipeline.index(tmp_path / "library", [videos], ColourEncoder()).interrupted
    went_on = pipeline.index(tmp_path / "library", [videos], ColourEncoder())
    assert (went_on.reread, went_on.indexed) == (1, VIDEOS - 1)  # its words had not been entered
