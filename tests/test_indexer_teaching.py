"""`videobert train --teacher` on a library: a tower looks once, the small model is judged."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from indexer import nightly, pipeline, teaching, watching
from indexer.errors import LibraryBusy, LibraryMismatch
from indexer.hashing import content_hash
from indexer.store.config import set_model
from indexer.store.lock import exclusive_lock
from indexer.teaching import TeachingRequest, teach_library
from indexer.teaching_report import TeachingReport
from indexer.training import TrainingRequest, train_library
from indexer.waiting_model import install_waiting
from model.errors import ModelError
from model.training import gate
from search.engine import SearchEngine
from tests.desk import MADE, keep, restore
from tests.tiny_checkpoint import save_tiny
from tests.tiny_pupil import index_colours, load_pupil, open_pupil, tiny_pupil, write_film
from tests.tiny_towers import write_siglip
from tests.training_desk import hear_again, model_of, train_command, use_tiny

VIDEOS = 12


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A teacher, and a library of narrated videos by a tiny model that tells hardly any apart."""
    for package in ("transformers", "sentencepiece"):
        pytest.importorskip(package)
    desk = tmp_path_factory.mktemp("desk") / "now"
    write_siglip(desk / "teacher")
    first = desk / "library" / "models" / "first"
    save_tiny(tiny_pupil(), first)
    index_colours(desk / "library", desk / "videos", open_pupil(first), VIDEOS)
    set_model(desk / "library" / "library.toml", Path("models/first"))
    keep(desk)
    return desk


@pytest.fixture
def library(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    use_tiny(monkeypatch, open_pupil, load_pupil)
    return restore(made)


def say_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the gate accept what it has judged. What lot has drawn a lesson may help or not; that a
    good one is accepted is in test_model_training_teaching."""

    def judge(*arguments: object, **choices: object) -> gate.GateDecision:
        return replace(gate.judge(*arguments, **choices), accepted=True)

    monkeypatch.setattr("model.training.teaching.judge", judge)


_taught: list[Result] = []


@pytest.fixture
def taught(library: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """The command's answer on a library without narration, and the library as it left it."""
    if not _taught:
        for path in made.glob("videos/*.srt"):
            path.unlink()
        hear_again(library)
        with monkeypatch.context() as patch:
            say_yes(patch)
            _taught.append(command(library, "--json"))
        keep(made, "as taught")
    restore(made, "as taught")
    return _taught[0]


def command(library: Path, *arguments: str) -> Result:
    given = ["--teacher", teacher(library), "--library", str(library), "--device", "cpu"]
    return train_command(*given, *arguments)


def teacher(library: Path) -> str:
    return f"siglip:{library.parent / 'teacher'}"


def run(library: Path, **choices: object) -> TeachingReport:
    return teach_library(
        library, TeachingRequest(**{"teacher": teacher(library), "device": "cpu", **choices})
    )


def test_what_the_teacher_sees_becomes_the_librarys_model(library: Path, taught: Result):
    """Without a word of narration; the index follows at `rebuild`, without decoding."""
    assert taught.exit_code == 0
    said = json.loads(taught.output)
    assert (said["ok"], said["videos"], said["chosen"], said["pairs"]) == (True, VIDEOS, VIDEOS, 0)
    assert said["taught"]["judged_by"] == "teacher"
    assert said["decision"]["accepted"]
    assert said["taught"]["videos"] + said["decision"]["videos"] == VIDEOS
    model = Path(said["model"])
    assert library / model_of(library) == model
    new = open_pupil(model)
    rebuilt = nightly.rebuild(library, new)
    assert (rebuilt.ok, rebuilt.reencoded, rebuilt.indexed) == (True, VIDEOS, 0)
    with SearchEngine.open(library, new) as engine:
        assert engine.search("tench", 5).moments


def test_a_run_leaves_its_settings_and_decision(library: Path, taught: Result):
    said = json.loads(taught.output)
    folder = Path(said["run"])
    assert folder.parent == library / "training"
    assert json.loads((folder / "decision.json").read_text()) == said["decision"]
    config = json.loads((folder / "config.json").read_text())
    assert config == {"teacher": teacher(library), "seed": 1, **said["taught"]}


def test_narration_judges_where_there_is_enough_and_no_frame_is_looked_at_twice(
    library: Path, taught: Result, made: Path, monkeypatch: pytest.MonkeyPatch
):
    """A refusal, here for want of sentences, is an answer."""
    monkeypatch.setattr(gate, "FEW_QUERIES", 10_000)
    for path in made.with_name(MADE).glob("videos/*.srt"):
        shutil.copy2(path, made / "videos")
    hear_again(library)
    set_model(library / "library.toml", Path("models/first"))
    monkeypatch.setattr(watching, "DecodeJob", None)
    report = run(library)
    assert report.ok
    assert (report.narrated, report.pairs) == (VIDEOS, 12 * VIDEOS)
    assert report.taught.judged_by == "narration"
    assert not report.taught.decision.accepted
    assert report.model is None
    assert "The current model stays" in report.summary()
    assert model_of(library) == "models/first"
    assert report.taught.candidate.is_dir()


def test_a_file_that_cannot_be_read_is_named_and_left_out(
    library: Path, taught: Result, made: Path, monkeypatch: pytest.MonkeyPatch
):
    say_yes(monkeypatch)
    set_model(library / "library.toml", Path("models/first"))
    broken, gone = (made / "videos" / f"video0{i}.mp4" for i in (7, 8))
    for path in (broken, gone):
        eye_witness(library, path).unlink()
    broken.write_bytes(b"no video any more")
    gone.unlink()
    done = command(library)
    assert done.exit_code == 1
    assert "video07.mp4: " in done.output
    assert "video08.mp4: " in done.output
    assert "Accepted" in done.output


@pytest.fixture
def anew(library: Path, taught: Result) -> Path:
    """The library, whose model is the first again; what the teacher saw is kept."""
    set_model(library / "library.toml", Path("models/first"))
    return library


def eye_witness(library: Path, video: Path) -> Path:
    """What the teacher saw of a video."""
    (path,) = library.glob(f"training/teachers/*/{content_hash(video)}.safetensors")
    return path


def test_a_file_that_changed_since_it_was_indexed_is_not_taken_for_it(anew: Path, made: Path):
    """What the small model saw of it is something else than the teacher would see."""
    video = made / "videos" / "video07.mp4"
    eye_witness(anew, video).unlink()
    write_film(video, [0])
    report = run(anew)
    (failure,) = report.failed
    assert failure.path == str(video)
    assert "changed since it was indexed. Run `videobert index`" in failure.message
    assert report.taught.videos + report.taught.decision.videos == VIDEOS - 1
    assert len(list(anew.glob("training/teachers/*/*"))) == VIDEOS - 1


def test_a_file_that_changes_while_it_is_looked_at_is_left_out(
    anew: Path, made: Path, monkeypatch: pytest.MonkeyPatch
):
    video = made / "videos" / "video07.mp4"
    eye_witness(anew, video).unlink()
    finish = watching.Assembly.add

    def touch(assembly: watching.Assembly, content: str, frames: object) -> int:
        os.utime(video, ns=(1, 1))
        return finish(assembly, content, frames)

    monkeypatch.setattr(watching.Assembly, "add", touch)
    report = run(anew)
    assert [failure.path for failure in report.failed] == [str(video)]
    assert len(list(anew.glob("training/teachers/*/*"))) == VIDEOS - 1


def test_a_copy_that_is_as_it_was_serves(anew: Path, made: Path):
    video, copy = made / "videos" / "video07.mp4", made / "videos" / "videocopy.mp4"
    eye_witness(anew, video).unlink()
    shutil.copyfile(video, copy)
    assert pipeline.index(anew, [made / "videos"], open_pupil(anew / "models" / "first")).ok
    write_film(video, [0])
    assert run(anew, dry_run=True).ok
    report = run(anew)
    assert report.failed == []
    assert eye_witness(anew, copy).exists()


def test_a_shard_of_the_small_model_that_is_gone_meanwhile_is_named(
    anew: Path, made: Path, monkeypatch: pytest.MonkeyPatch
):
    (shard,) = anew.glob(f"shards/*/{content_hash(made / 'videos' / 'video07.mp4')}.safetensors")
    watch = teaching.watch

    def unlink_first(*arguments: object) -> Iterator[object]:
        shard.unlink()
        return watch(*arguments)

    monkeypatch.setattr(teaching, "watch", unlink_first)
    report = run(anew)
    assert [failure.path for failure in report.failed] == [str(shard)]
    assert "videobert rebuild" in report.failed[0].message
    assert report.taught is not None


def test_a_model_that_found_the_library_busy_is_put_in_its_place_later(
    anew: Path, monkeypatch: pytest.MonkeyPatch
):
    say_yes(monkeypatch)
    with (
        exclusive_lock(anew / "indexer.lock"),
        pytest.raises(LibraryBusy, match=r"accepted and waits in .* --resume") as busy,
    ):
        run(anew)
    assert model_of(anew) == "models/first"
    folder = Path(str(busy.value).split("--resume ")[1])
    done = train_command("--library", str(anew), "--resume", str(folder), "--json")
    assert done.exit_code == 0
    assert anew / model_of(anew) == Path(json.loads(done.output)["model"])
    assert not (folder / "candidate").exists()


def test_a_model_that_waits_is_not_put_in_anothers_place(
    anew: Path, taught: Result, monkeypatch: pytest.MonkeyPatch
):
    say_yes(monkeypatch)
    with exclusive_lock(anew / "indexer.lock"), pytest.raises(LibraryBusy) as busy:
        run(anew)
    folder = Path(str(busy.value).split("--resume ")[1])
    set_model(anew / "library.toml", Path(json.loads(taught.output)["model"]))
    with pytest.raises(LibraryMismatch, match="compared with another one"):
        install_waiting(anew, folder)


def test_too_few_videos_are_an_answer(library: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(teaching, "FEWEST_VIDEOS", VIDEOS + 1)
    report = run(library, teacher="siglip:is not opened")
    assert (report.ok, report.taught, report.run) == (True, None, None)
    assert "12 videos can be looked at, and with fewer than 13" in report.summary()
    assert not (library / "training").exists()


def test_a_dry_run_looks_at_nothing(library: Path):
    report = run(library, teacher="siglip:is not opened", dry_run=True)
    assert report.ok
    assert f"{72 * VIDEOS} tokens of 1.5 s would be looked at" in report.summary()
    assert not (library / "training").exists()


def test_long_libraries_are_looked_at_in_part(library: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(teaching, "MOST_TOKENS", 72 * 9 + 1)
    report = run(library, dry_run=True)
    assert (report.videos, report.chosen) == (VIDEOS, 10)
    monkeypatch.setattr(teaching, "MOST_TOKENS", 1)
    assert run(library, dry_run=True).chosen == teaching.FEWEST_VIDEOS


@pytest.mark.parametrize(
    ("name", "says"), [("lite0", "has no text tower"), ("resnet", "no such network")]
)
def test_a_network_that_cannot_teach_is_refused(library: Path, name: str, says: str):
    with pytest.raises(ModelError, match=says):
        run(library, teacher=name)


def test_a_library_on_a_tower_is_not_trained(library: Path):
    """Neither way: the small model has no vectors in it."""
    set_model(library / "library.toml", Path(teacher(library)))
    for act in (run, lambda root: train_library(root, TrainingRequest(device="cpu"))):
        with pytest.raises(ModelError, match=r"this library uses siglip:.* Take `model` out of"):
            act(library)


def test_vectors_of_another_model_have_to_be_rebuilt_first(library: Path, taught: Result):
    with pytest.raises(LibraryMismatch, match="videobert rebuild"):
        run(library)


@pytest.mark.parametrize("arguments", [["--steps", "3"], ["--resume", "."]])
def test_choices_that_are_trainings_alone_are_wrong_use(library: Path, arguments: list[str]):
    done = command(library, *arguments)
    assert done.exit_code == 2
    assert "do not go with --teacher" in done.output


def test_help_names_those_that_can_teach():
    said = train_command("--help").output
    assert "siglip:google/siglip-base-patch16-224" in said
    assert "openclip:ViT-B-32/laion2b_s34b_b79k" in said
    assert "s3d" not in said
