"""A model change without decoding: new shards out of the tokens in the old ones."""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexer import intake, nightly, pipeline
from indexer.store.library import Library
from indexer.store.shards import read_shard, write_shard
from model.encoder import Float32
from tests.conftest import ColourEncoder
from tests.library_tools import assert_mirrors, assert_same_holdings, fault, snapshot, write_video

CNN = "the same eyes"


class Complementary(ColourEncoder):
    """A new model over the old CNN: it calls a red clip cyan."""

    def __init__(self, features: str = CNN) -> None:
        super().__init__("c0de", features)

    def encode_clips(self, clips: Sequence[Float32]) -> Float32:
        return super().encode_clips([1 - clip for clip in clips])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """21 s of two colours, five clips, and a short red video."""
    write_video(tmp_path / "videos" / "two.mp4", (0, 250, 0), (90, 0, 250), seconds=10.5)
    write_video(tmp_path / "videos" / "red.mp4", (250, 0, 0), seconds=1)
    return tmp_path / "videos"


@pytest.fixture
def library(tmp_path: Path, folder: Path) -> Path:
    assert pipeline.index(tmp_path / "library", [folder], ColourEncoder(features=CNN)).ok
    return tmp_path / "library"


def truth(tmp_path: Path, folder: Path) -> dict:
    """What the new model makes of the videos themselves."""
    assert pipeline.index(tmp_path / "fresh", [folder], Complementary()).indexed == 2
    return snapshot(tmp_path / "fresh").holdings


def fingerprints(library: Path) -> list[str]:
    return sorted(path.parent.name for path in library.glob("shards/*/*.safetensors"))


@pytest.mark.parametrize("command", ["rebuild", "index"])
def test_a_model_change_reads_no_video(
    library: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
):
    """Not a frame, and not a byte to hash it; the vectors are those of decoding it anew."""
    expected, encoder = truth(tmp_path, folder), Complementary()
    artwork = sorted(library.glob("media/*/*"))
    monkeypatch.setattr(intake, "content_hash", lambda path: pytest.fail(f"{path} was read"))
    if command == "rebuild":
        report = nightly.rebuild(library, encoder)
    else:
        report = pipeline.index(library, [folder], encoder)
    assert (report.ok, report.reencoded, report.indexed, report.generation) == (True, 2, 0, 2)
    assert encoder.frames_seen == 0
    assert "2 reencoded" in report.summary()
    assert_mirrors(library, folder, expected)
    assert sorted(library.glob("media/*/*")) == artwork


def test_shards_of_both_models_lie_side_by_side_until_no_generation_needs_the_old(
    library: Path, folder: Path
):
    old = ColourEncoder(features=CNN)
    nightly.rebuild(library, Complementary())
    assert fingerprints(library) == ["c010u5"] * 2 + ["c0de"] * 2
    assert nightly.rollback(library) == 1
    Library.open(library, encoder=old.fingerprint).close()
    nightly.rebuild(library, Complementary())
    for name in ("x", "y", "z"):
        write_video(folder / f"{name}.mp4", (10 * ord(name) % 250, 50, 50), seconds=1)
        assert pipeline.index(library, [folder], Complementary()).indexed == 1
    assert set(fingerprints(library)) == {"c0de"}


def test_the_old_generation_serves_until_the_new_one_is_live(library: Path, folder: Path):
    """Killed at any change to the disk: the old vectors, or all of the new ones."""

    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    before = snapshot(library).holdings
    for step in range(500):
        with fault(library, step, die) as armed, contextlib.suppress(Killed):
            nightly.rebuild(library, Complementary())
        if armed.steps <= step:
            break
        with Library.open(library) as opened:
            encoder = opened.generation.manifest.encoder
        if encoder == "c010u5":
            assert_same_holdings(snapshot(library).holdings, before)
        else:
            assert snapshot(library).holdings.keys() == before.keys()
    else:
        pytest.fail("the rebuild never came to its end")
    assert step > 10
    assert encoder == "c0de"


def test_another_cnn_reads_the_videos(library: Path):
    encoder = Complementary("other eyes")
    report = nightly.rebuild(library, encoder)
    assert (report.ok, report.reencoded, report.indexed) == (True, 0, 2)
    assert encoder.frames_seen == 2 + 42


@pytest.mark.parametrize("how", ["damaged", "of the format before"])
def test_a_shard_that_cannot_be_relied_on_is_not_re_encoded(library: Path, folder: Path, how: str):
    """One is decoded, the other re-encoded, and the old shard is left to its own model."""
    path = sorted(library.glob("shards/*/*.safetensors"))[0]
    if how == "damaged":
        path.write_bytes(path.read_bytes()[:-1])
    else:
        write_shard(path, dataclasses.replace(read_shard(path), features=""))
    left = path.read_bytes()
    report = nightly.rebuild(library, Complementary())
    assert (report.ok, report.reencoded, report.indexed) == (True, 1, 1)
    assert path.read_bytes() == left


def test_an_interrupted_model_change_goes_on_where_it_was(library: Path, folder: Path):
    class Impatient(Complementary):
        calls = 0

        def encode_clips(self, clips: Sequence[Float32]) -> Float32:
            Impatient.calls += 1
            if Impatient.calls == 2:
                raise KeyboardInterrupt
            return super().encode_clips(clips)

    report = nightly.rebuild(library, Impatient())
    assert (report.interrupted, report.reencoded, report.generation) == (True, 1, 1)
    rest = nightly.rebuild(library, Complementary())
    assert (rest.ok, rest.reencoded, rest.unchanged, rest.generation) == (True, 1, 1, 2)


def test_shards_brought_from_another_machine_serve_a_new_model(
    library: Path, folder: Path, tmp_path: Path
):
    other = tmp_path / "other"
    shutil.copytree(library / "shards", other / "shards")
    encoder = Complementary()
    report = pipeline.index(other, [folder], encoder)
    assert (report.ok, report.reencoded, encoder.frames_seen) == (True, 2, 0)


def test_a_shard_says_what_made_its_tokens(library: Path):
    for path in library.glob("shards/*/*.safetensors"):
        assert read_shard(path).features == CNN
        assert read_shard(path).tokens.dtype == np.float16
