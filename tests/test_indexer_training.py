"""`videobert train` on a library: from subtitles to a model of its own, and back into the index."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import fields
from pathlib import Path

import pytest

from indexer import nightly
from indexer.errors import LibraryBusy, LibraryMismatch, LibraryNotFound, UnreadableFile
from indexer.store.config import set_model
from indexer.store.library import Library, library_model
from indexer.store.lock import exclusive_lock
from indexer.teaching import TeachingRequest
from indexer.train_cli import train
from indexer.training import TrainingReport, TrainingRequest, train_library
from model.checkpoint import Checkpoint
from model.errors import CheckpointError
from model.training import gate, trainer
from model.training.student import Student
from search.engine import SearchEngine
from tests.desk import keep, restore
from tests.tiny_checkpoint import load_tiny, make_library, open_tiny, save_tiny
from tests.tiny_student import tiny_student
from tests.training_desk import hear_again, model_of, train_command, use_tiny

STEPS = 12


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of 20 narrated videos, encoded by a tiny model that was never trained."""
    desk = tmp_path_factory.mktemp("desk") / "now"
    save_tiny(tiny_student(), desk / "library" / "models" / "first")
    make_library(
        desk / "library", desk / "videos", open_tiny(desk / "library" / "models" / "first")
    )
    config = desk / "library" / "library.toml"
    set_model(config, Path("models/first"))
    config.write_text(f"# ours\n{config.read_text()}")
    keep(desk)
    return desk


@pytest.fixture
def library(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    use_tiny(monkeypatch, open_tiny, load_tiny)
    monkeypatch.setattr(trainer, "MOST_ROUNDS", 1)
    return restore(made)


_reports: list[TrainingReport] = []


@pytest.fixture
def trained(library: Path, made: Path) -> TrainingReport:
    """The report of a run whose model was accepted, and the library as it left it."""
    if not _reports:
        _reports.append(run(library))
        keep(made, "as trained")
    restore(made, "as trained")
    return _reports[0]


def run(library: Path, **choices: object) -> TrainingReport:
    return train_library(library, TrainingRequest(**{"device": "cpu", "steps": STEPS, **choices}))


def test_a_better_model_becomes_the_librarys(library: Path, trained: TrainingReport):
    """Trained, judged, named in library.toml; the index follows at `rebuild`, without decoding."""
    report = trained
    assert report.ok
    assert (report.videos, report.narrated, report.pairs) == (20, 20, 160)
    decision = report.outcome.decision
    assert decision.accepted
    assert decision.candidate.mrr > decision.current.mrr
    fingerprint = Checkpoint.open(report.model).fingerprint
    assert report.model == library / "models" / fingerprint == library_model(library)
    written = (library / "library.toml").read_text()
    assert written.startswith("# ours\n")
    assert model_of(library) == f"models/{fingerprint}"
    assert "videobert rebuild" in report.summary()

    new = open_tiny(report.model)
    with Library.open(library) as opened:  # until then the old vectors serve
        assert opened.generation.manifest.encoder != new.fingerprint
    rebuilt = nightly.rebuild(library, new)
    assert (rebuilt.ok, rebuilt.reencoded, rebuilt.indexed) == (True, 20, 0)
    with SearchEngine.open(library, new) as engine:
        assert engine.search("here is the sea", 5).moments


def test_a_run_leaves_its_settings_figures_and_decision(library: Path, trained: TrainingReport):
    report = trained
    assert report.run.parent == library / "training"
    names = {path.name for path in report.run.iterdir()}
    assert {"config.json", "request.json", "metrics.csv", "log.txt", "decision.json"} <= names
    config = json.loads((report.run / "config.json").read_text())
    assert config["pairs"] == {"train": 128, "held_out": 32}
    assert config["plan"]["scope"] == "bridge"
    decision = json.loads((report.run / "decision.json").read_text())
    assert decision == json.loads(json.dumps(report.to_json()["decision"]))
    assert set(report.to_json()["after"]) == {"pieces", "words", "alignment"}
    assert "masked visual words" in report.summary()


def test_a_model_that_is_no_better_is_refused(library: Path, monkeypatch: pytest.MonkeyPatch):
    def spoil(student: Student, folder: Path, *, base: Checkpoint) -> None:
        save_tiny(tiny_student(), folder)

    before = (library / "library.toml").read_bytes()
    monkeypatch.setattr("model.training.checkpointing.save_student", spoil)
    report = run(library)
    assert report.ok  # a refusal is an answer
    assert not report.outcome.decision.accepted
    assert report.model is None
    assert "The current model stays" in report.summary()
    assert (library / "library.toml").read_bytes() == before
    assert [path.name for path in (library / "models").iterdir()] == ["first"]


def test_too_few_videos_kept_apart_are_refused(library: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gate, "FEW_QUERIES", 1000)
    report = run(library)
    assert not report.outcome.decision.accepted
    assert "too few to tell" in report.summary()


def test_too_little_narration_is_an_answer(library: Path):
    for path in sorted(library.parent.glob("videos/*.srt"))[3:]:
        path.unlink()
    hear_again(library)
    report = run(library, steps=None)
    assert (report.ok, report.pairs, report.scope, report.run) == (True, 24, "nothing", None)
    assert "3 of 20 videos are narrated: 24 pairs" in report.summary()
    assert "fewer than 100" in report.summary()
    assert not (library / "training").exists()
    forced = run(library, steps=2)
    assert forced.outcome.fitted.steps == 2
    assert not forced.outcome.decision.accepted
    assert "2 steps were asked for" in forced.summary()


def test_no_narration_at_all_is_an_answer(library: Path):
    for path in library.parent.glob("videos/*.srt"):
        path.unlink()
    hear_again(library)
    report = run(library)
    assert (report.ok, report.pairs, report.scope) == (True, 0, "nothing")


def test_a_dry_run_says_what_would_be_trained(library: Path):
    report = run(library, steps=None, dry_run=True)
    assert (report.scope, report.steps, report.held_out) == ("bridge", 12, 32)
    assert report.outcome is None
    assert not (library / "training").exists()


def test_captions_are_trained_on_instead(library: Path):
    csv = library.parent / "captions.csv"
    names = [f"video{number:02}.mp4" for number in range(20)]
    rows = [f"videos/{name},what {name} shows" for name in [*names, "nowhere.mp4"]]
    csv.write_text("\n".join(["video,caption", *rows]))
    report = run(library, steps=None, captions=csv, dry_run=True)
    assert (report.pairs, report.narrated, report.scope) == (20, 20, "nothing")
    assert [failure.path for failure in report.failed] == ["videos/nowhere.mp4"]
    assert not report.ok


def test_an_interrupted_run_goes_on_and_ends_as_if_nothing_had_happened(
    library: Path, trained: TrainingReport, monkeypatch: pytest.MonkeyPatch
):
    set_model(library / "library.toml", Path("models/first"))
    asked = []

    class Interrupting(trainer.ClassProbe):
        def __call__(self, towers: object) -> float:
            asked.append(1)
            if len(asked) == 2:
                os.kill(os.getpid(), signal.SIGINT)
            return super().__call__(towers)

    with monkeypatch.context() as patch:
        patch.setattr(trainer, "ClassProbe", Interrupting)
        cut = run(library)
    assert (cut.interrupted, cut.ok, cut.model) == (True, False, None)
    assert f"videobert train --resume {cut.run}" in cut.summary()
    resumed = run(library, resume=cut.run, steps=99, seed=3)  # the run's own choices count
    assert resumed.outcome.fitted.steps == STEPS
    assert resumed.model == trained.model  # named by its weights


@pytest.fixture
def refused(library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a short run whose model was not taken."""
    monkeypatch.setattr(gate, "FEW_QUERIES", 10_000)
    report = run(library, steps=2)
    assert report.model is None
    return report.run


def test_a_run_that_cannot_be_gone_on_with_stays_as_it_is(library: Path, refused: Path):
    """Something else is said in the library now."""
    for path in sorted(library.parent.glob("videos/*.srt"))[:5]:
        path.unlink()
    hear_again(library)
    before = {path: path.read_bytes() for path in refused.rglob("*") if path.is_file()}
    assert refused / "config.json" in before
    with pytest.raises(CheckpointError, match="without --resume"):
        run(library, resume=refused)
    assert {path: path.read_bytes() for path in before} == before


def test_a_dry_run_of_one_that_goes_on_trains_nothing(library: Path, refused: Path):
    report = run(library, resume=refused, dry_run=True)
    assert (report.steps, report.outcome) == (2, None)


def test_a_folder_that_is_no_run_cannot_be_gone_on_with(library: Path, tmp_path: Path):
    with pytest.raises(UnreadableFile, match="without --resume"):
        run(library, resume=tmp_path)


def test_a_library_that_is_being_indexed_is_not_changed(library: Path):
    """Training goes on beside it; only the new model waits."""
    with exclusive_lock(library / "indexer.lock"), pytest.raises(LibraryBusy):
        run(library)
    assert model_of(library) == "models/first"
    (folder,) = (library / "training").iterdir()
    assert run(library, resume=folder).model is not None


def test_vectors_of_another_model_have_to_be_rebuilt_first(library: Path, trained: TrainingReport):
    with pytest.raises(LibraryMismatch, match="videobert rebuild"):
        run(library)


def test_without_a_library_there_is_nothing_to_train(library: Path, tmp_path: Path):
    set_model(tmp_path / "empty" / "library.toml", library / "models" / "first")
    with pytest.raises(LibraryNotFound, match="videobert index"):
        run(tmp_path / "empty")


def test_a_library_can_be_moved_with_its_model(library: Path, trained: TrainingReport):
    model = trained.model
    moved = library.rename(library.with_name("elsewhere"))
    assert library_model(moved) == moved / "models" / model.name
    assert Checkpoint.open(library_model(moved)).fingerprint == model.name
    moved.rename(library)


# the command


def test_the_command_speaks_json(library: Path):
    done = train_command("--library", str(library), "--device", "cpu", "--steps", "2", "--json")
    assert done.exit_code == 0
    said = json.loads(done.output)
    assert said["pairs"] == 160
    assert said["steps"] == 2
    assert said["decision"]["queries"] == 32
    assert said["after"]["alignment"]["uniform_accuracy"] == 0.5


def test_the_command_says_what_it_would_do(library: Path):
    done = train_command("--library", str(library), "--device", "cpu", "--dry-run")
    assert done.exit_code == 0
    assert "160 pairs of sentence and video, 32 of them kept apart" in done.output
    assert "fewer than 2,000" in done.output


def test_failures_end_with_status_1(library: Path):
    damaged = next(library.glob(f"shards/*/{'[0-9a-f]' * 64}.safetensors"))
    damaged.write_bytes(damaged.read_bytes()[:-1])
    done = train_command("--library", str(library), "--device", "cpu", "--dry-run")
    assert done.exit_code == 1
    assert damaged.name in done.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["--dry-run"],
        ["--steps", "3"],
        ["--captions", __file__],
        ["--seed", "1"],
        ["--device", "auto"],
    ],
)
def test_a_run_that_goes_on_takes_no_other_choice(tmp_path: Path, arguments: list[str]):
    """Also where the choice is what it would be anyway."""
    done = train_command("--resume", str(tmp_path), *arguments)
    assert done.exit_code == 2
    assert "--resume goes with --library and --json alone" in done.output


@pytest.mark.parametrize("arguments", [["--steps", "0"], ["--seed", "-1"], ["--resume", "/no/run"]])
def test_wrong_use_is_status_2(arguments: list[str]):
    assert train_command(*arguments).exit_code == 2


def test_the_gate_has_no_way_around():
    """What can be chosen is this, none of which takes a model that was refused."""
    options = {"teacher", "captions", "steps", "resume", "seed", "dry_run"}
    assert {option.name for option in train.params} == options | {"library", "device", "as_json"}
    assert names_of(TrainingRequest) == options - {"teacher"} | {"device"}
    assert names_of(TeachingRequest) == options - {"steps", "resume"} | {"device"}
    assert names_of(trainer.TrainSettings) == {"device", "steps", "seed", "resume"}


def names_of(kind: type) -> set[str]:
    return {field.name for field in fields(kind)}
