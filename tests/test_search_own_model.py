"""Questions follow the vectors: a new model waits for `rebuild`, and `rollback` takes its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexer import nightly
from indexer.errors import LibraryMismatch
from indexer.own_model import install
from indexer.store.config import set_model
from indexer.store.generation import read_manifest
from indexer.store.library import library_model
from indexer.store.paths import LibraryPaths
from model.checkpoint import Checkpoint
from model.errors import CheckpointError, ModelError
from search.engine import SearchEngine
from search.live import EngineHolder
from tests.tiny_checkpoint import TinyEncoder, make_library, open_tiny, save_tiny
from tests.tiny_student import tiny_student

ASKED = "here is the sea"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library by the `shipped` checkpoint, and a `better` one that waits to be installed."""
    desk = tmp_path_factory.mktemp("desk")
    save_tiny(tiny_student(), desk / "shipped")
    save_tiny(tiny_student(seed=1), desk / "better")
    make_library(desk / "library", desk / "videos", open_tiny(desk / "shipped"), videos=3)
    return desk


@pytest.fixture
def desk(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path / "desk", copy_function=shutil.copy2)
    monkeypatch.setattr("model.registry.load_encoder", lambda m: open_tiny(m or made / "shipped"))
    return tmp_path / "desk"


def accept(desk: Path) -> str:
    """What `videobert train` does with a better model; its fingerprint."""
    return install(LibraryPaths(desk / "library"), desk / "better").name


def configured(desk: Path) -> TinyEncoder:
    """What `videobert rebuild` encodes with."""
    return open_tiny(library_model(desk / "library"))


def rebuild(desk: Path) -> None:
    report = nightly.rebuild(desk / "library", configured(desk))
    assert report.ok, report.summary()


def answer(desk: Path) -> tuple[int, str]:
    """The generation that answers, and the fingerprint of what asks it."""
    with SearchEngine.open(desk / "library") as engine:
        result = engine.search(ASKED)
        assert result.moments
        return result.generation, engine.encoder.fingerprint


def test_a_new_model_waits_for_rebuild_and_an_old_generation_keeps_its_own(desk: Path):
    old = Checkpoint.open(desk / "shipped").fingerprint
    new = accept(desk)
    assert answer(desk) == (1, old)
    rebuild(desk)
    assert answer(desk) == (2, new)
    assert nightly.rollback(desk / "library") == 1
    assert answer(desk) == (1, old)
    assert nightly.rollback(desk / "library", 2) == 2
    assert answer(desk) == (2, new)


def test_a_generation_of_a_trained_model_is_answered_when_the_setting_is_taken_out(desk: Path):
    new = accept(desk)
    rebuild(desk)
    (desk / "library" / "library.toml").write_text(f'roots = ["{desk / "videos"}"]\n')
    assert answer(desk) == (2, new)


def test_a_server_follows_all_of_it_without_a_restart(desk: Path):
    holder = EngineHolder(desk / "library")
    first = holder.get()
    new = accept(desk)
    assert holder.get() is first
    rebuild(desk)
    second = holder.get()
    assert (second.generation, second.encoder.fingerprint) == (2, new)
    nightly.rollback(desk / "library")
    third = holder.get()
    assert (third.generation, third.encoder.fingerprint) == (1, first.encoder.fingerprint)
    for engine in (first, second, third):
        assert engine.search(ASKED).moments
    assert holder.problem is None


def test_a_server_that_starts_before_rebuild_answers(desk: Path):
    accept(desk)
    assert EngineHolder(desk / "library").get().search(ASKED).moments


def test_a_model_elsewhere_is_found_by_what_its_generation_says(desk: Path):
    set_model(desk / "library" / "library.toml", desk / "better")
    rebuild(desk)
    made_by = Checkpoint.open(desk / "better").fingerprint
    (desk / "library" / "library.toml").write_text(f'roots = ["{desk / "videos"}"]\n')
    manifest = read_manifest(LibraryPaths(desk / "library").generation(2))
    assert manifest.model == str(desk / "better")
    assert answer(desk) == (2, made_by)


def test_a_model_that_is_gone_is_named(desk: Path):
    set_model(desk / "library" / "library.toml", desk / "better")
    rebuild(desk)
    (desk / "better").rename(desk / "mislaid")
    with pytest.raises(CheckpointError, match=r"better/manifest\.json"):
        answer(desk)
    (desk / "library" / "library.toml").write_text("")
    with pytest.raises(LibraryMismatch, match=r"`model = \".*/better\"`.*Put that model back"):
        answer(desk)


def test_a_tower_that_cannot_be_opened_is_named(desk: Path, monkeypatch: pytest.MonkeyPatch):
    name = "openclip:ViT-B-32/laion2b_s34b_b79k"
    set_model(desk / "library" / "library.toml", Path(name))
    assert nightly.rebuild(desk / "library", open_tiny(desk / "better")).ok
    (desk / "library" / "library.toml").write_text("")

    def load(model: Path | str | None) -> TinyEncoder:
        if model == name:
            raise ModelError("it needs the package open_clip")
        return open_tiny(model or desk / "shipped")

    monkeypatch.setattr("model.registry.load_encoder", load)
    with pytest.raises(LibraryMismatch, match=r"openclip:ViT.*needs the package open_clip"):
        answer(desk)
