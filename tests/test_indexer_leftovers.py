"""Models, runs and what teachers saw: kept while something needs them, no longer."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from indexer import nightly, pipeline
from indexer.hashing import content_hash
from indexer.own_model import install
from indexer.run_origin import RunOrigin
from indexer.store.library import library_model
from indexer.store.paths import LibraryPaths
from indexer.store.pruning import KEEP
from model.checkpoint import Checkpoint
from tests.desk import keep, restore
from tests.tiny_checkpoint import make_library, open_tiny, save_tiny
from tests.tiny_student import tiny_student


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    desk = tmp_path_factory.mktemp("desk") / "now"
    save_tiny(tiny_student(), desk / "shipped")
    make_library(desk / "library", desk / "videos", open_tiny(desk / "shipped"), videos=3)
    keep(desk)
    return desk


@pytest.fixture
def paths(made: Path) -> LibraryPaths:
    return LibraryPaths(restore(made))


def rebuild(paths: LibraryPaths) -> None:
    model = library_model(paths.root) or paths.root.parent / "shipped"
    report = nightly.rebuild(paths.root, open_tiny(model))
    assert report.failed == [], report.summary()


def accept(paths: LibraryPaths, seed: int) -> Path:
    candidate = paths.training / f"run{seed}" / "candidate"
    save_tiny(tiny_student(seed), candidate)
    return install(paths, candidate)


def write_run(paths: LibraryPaths, name: str, videos: list[Path], accepted: bool | None) -> Path:
    """As training leaves it: its report, its state, and what became of it."""
    run = paths.training / name
    RunOrigin.of("0123456789abcdef", map(content_hash, videos)).write(run)
    (run / "state.pt").write_bytes(b"state")
    (run / "metrics.csv").write_text("step\n")
    if accepted is not None:
        save_tiny(tiny_student(), run / "candidate")
        (run / "decision.json").write_text(json.dumps({"accepted": accepted}))
    return run


def heavy(run: Path) -> set[str]:
    return {path.name for path in run.iterdir()} & {"state.pt", "candidate"}


def test_a_model_stays_while_a_generation_is_kept_that_it_made(paths: LibraryPaths):
    models = []
    for seed in range(1, 5):
        models.append(accept(paths, seed))
        assert models[-1].is_dir()  # named by library.toml before it has made anything
        rebuild(paths)
        assert [model for model in models if model.is_dir()] == models[-KEEP:]
    for model in models[-KEEP:]:
        assert Checkpoint.open(model).fingerprint == model.name


def test_a_model_of_the_users_own_is_never_deleted(paths: LibraryPaths):
    mine = paths.models / "mine"
    save_tiny(tiny_student(5), mine)
    nobodys = paths.models / "0123456789abcdef"
    save_tiny(tiny_student(6), nobodys)
    rebuild(paths)
    assert (mine.is_dir(), nobodys.is_dir()) == (True, False)


def test_no_model_is_deleted_while_a_generation_cannot_tell_what_made_it(paths: LibraryPaths):
    old, nobodys = accept(paths, 1), paths.models / "0123456789abcdef"
    rebuild(paths)
    accept(paths, 2)
    rebuild(paths)
    save_tiny(tiny_student(6), nobodys)
    made_by_old = next(
        folder
        for folder in paths.generations.iterdir()
        if old.name in (folder / "manifest.json").read_text()
    )
    (made_by_old / "manifest.json").write_text("{}")
    rebuild(paths)
    assert old.is_dir()
    assert nobodys.is_dir()


def test_rebuild_keeps_what_a_run_still_needs(paths: LibraryPaths):
    videos = sorted((paths.root.parent / "videos").glob("*.mp4"))
    unfinished = write_run(paths, "1", videos, None)
    waiting = write_run(paths, "2", videos, True)
    refused = write_run(paths, "3", videos, False)
    installed = write_run(paths, "4", videos, True)
    shutil.rmtree(installed / "candidate")
    rebuild(paths)
    assert heavy(unfinished) == {"state.pt"}
    assert heavy(waiting) == {"state.pt", "candidate"}
    assert heavy(refused) == heavy(installed) == set()
    for run in (unfinished, waiting, refused, installed):
        assert (run / "metrics.csv").exists()
        assert (run / "origin.json").exists()


def test_what_is_forgotten_is_forgotten_by_runs_and_teachers(paths: LibraryPaths):
    first, *others = sorted((paths.root.parent / "videos").glob("*.mp4"))
    elsewhere = first.rename(paths.root.parent / first.name)
    index_again(paths, elsewhere)
    with_it = [write_run(paths, f"{n}", [elsewhere, *others], n == 2 or None) for n in (1, 2)]
    without = write_run(paths, "3", others, None)
    seen = [
        paths.teachers / "c0ffee" / f"{content_hash(v)}.safetensors" for v in (elsewhere, *others)
    ]
    paths.teachers.joinpath("c0ffee").mkdir(parents=True)
    for path in seen:
        path.write_bytes(b"tokens")
    assert nightly.forget(paths.root, elsewhere, open_tiny(paths.root.parent / "shipped")).ok
    assert [path.exists() for path in seen] == [False, True, True]
    for run in with_it:
        assert heavy(run) == set()
        assert not (run / "origin.json").exists()
        assert (run / "metrics.csv").exists()
    assert heavy(without) == {"state.pt"}


def index_again(paths: LibraryPaths, video: Path) -> None:
    """The library knows the content: nothing is decoded."""
    report = pipeline.index(paths.root, [video], open_tiny(paths.root.parent / "shipped"))
    assert report.ok
    assert report.indexed == 0
    rebuild(paths)
