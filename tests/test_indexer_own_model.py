"""A new model takes its place durably, and one that is missing is named with its remedy."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.own_model import install
from indexer.store.config import set_model
from indexer.store.library import library_model
from indexer.store.paths import LibraryPaths
from model.checkpoint import Checkpoint
from model.errors import CheckpointError
from tests.tiny_checkpoint import save_tiny
from tests.tiny_student import tiny_student
from videobert import cli


@pytest.fixture
def candidate(tmp_path: Path) -> Path:
    folder = tmp_path / "library" / "training" / "run" / "candidate"
    save_tiny(tiny_student(), folder)
    return folder


def test_all_of_it_is_on_disk_before_library_toml_names_it(
    candidate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    synced: list[int] = []
    really_sync = os.fsync

    def sync(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        really_sync(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    place = install(LibraryPaths(tmp_path / "library"), candidate)
    wanted = [*place.iterdir(), place, place.parent, tmp_path / "library"]
    config = (tmp_path / "library" / "library.toml").stat().st_ino
    assert {path.stat().st_ino for path in wanted} <= set(synced[: synced.index(config)])
    assert library_model(tmp_path / "library") == place


def test_the_same_model_again_leaves_nothing_in_the_run(candidate: Path, tmp_path: Path):
    paths = LibraryPaths(tmp_path / "library")
    place = install(paths, candidate)
    save_tiny(tiny_student(), candidate)
    assert install(paths, candidate) == place
    assert Checkpoint.open(place).fingerprint == place.name
    assert not candidate.exists()


@pytest.mark.parametrize("arguments", [["rebuild"], ["index", "."], ["train"]])
def test_a_model_that_is_missing_is_named_with_its_remedy(
    candidate: Path, tmp_path: Path, arguments: list[str]
):
    set_model(tmp_path / "library" / "library.toml", Path("models/gone"))
    done = CliRunner().invoke(cli, [*arguments, "--library", str(tmp_path / "library")])
    assert isinstance(done.exception, CheckpointError)
    assert "models/gone/manifest.json" in str(done.exception)
    assert "Put the folder back as it was, or take `model` out of" in str(done.exception)
