"""Shards: checked when read, made again when damaged, good on another machine."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from indexer import nightly, pipeline
from indexer.errors import CorruptShard, LibraryMismatch
from indexer.media.reader import VideoInfo
from indexer.store.library import Library
from indexer.store.shards import Shard, read_shard, read_tokens, write_shard
from tests.conftest import ColourEncoder
from tests.library_tools import assert_mirrors, assert_same_holdings, snapshot, write_video

CONTENT = "ab" * 32


def make_shard(clips: int = 3) -> Shard:
    rng = np.random.default_rng(clips)
    return Shard(
        encoder="c010u5",
        content=CONTENT,
        size_bytes=1234,
        info=VideoInfo(7.5, 64, 48, 29.97, "h264", "mov,mp4", 15, ("it stutters",)),
        tokens=rng.random((5, 4)).astype(np.float16),
        clips=rng.random((clips, 3)).astype(np.float32),
        clip_times=rng.random((clips, 2)),
        features="c010u5-features",
    )


def assert_equal(found: Shard, expected: Shard) -> None:
    assert found.info == expected.info
    for field in dataclasses.fields(Shard):
        np.testing.assert_array_equal(getattr(found, field.name), getattr(expected, field.name))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shelf")


def place(folder: Path, encoder: str = "c010u5", content: str = CONTENT) -> Path:
    return folder / encoder / f"{content}.safetensors"


def test_a_shard_comes_back_as_it_was_written(tmp_path: Path):
    written = make_shard()
    write_shard(place(tmp_path), written)
    assert_equal(read_shard(place(tmp_path)), written)
    assert [path.name for path in place(tmp_path).parent.iterdir()] == [place(tmp_path).name]


@settings(max_examples=150, deadline=None)
@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_flipped_bit_goes_unnoticed(shelf: Path, at: float, bit: int):
    path = place(shelf)
    write_shard(path, make_shard())
    content = bytearray(path.read_bytes())
    content[int(at * len(content))] ^= 1 << bit
    path.write_bytes(content)
    with contextlib.suppress(CorruptShard):  # else the bit meant nothing, such as one in a space
        assert_equal(read_shard(path), make_shard())


def test_a_damaged_shard_is_named_with_the_remedy(tmp_path: Path):
    write_shard(place(tmp_path), make_shard())
    damage(place(tmp_path), "flipped")
    with pytest.raises(CorruptShard, match="videobert rebuild") as caught:
        read_shard(place(tmp_path))
    assert str(caught.value).startswith(str(place(tmp_path)))


@settings(max_examples=40, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_shard_cut_short_is_corrupt(shelf: Path, share: float):
    path = place(shelf)
    write_shard(path, make_shard())
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(CorruptShard):
        read_shard(path)


@pytest.mark.parametrize(("encoder", "content"), [("0e1f", CONTENT), ("c010u5", "cd" * 32)])
def test_a_shard_in_the_place_of_another_is_corrupt(tmp_path: Path, encoder: str, content: str):
    write_shard(place(tmp_path), make_shard())
    other = place(tmp_path, encoder, content)
    other.parent.mkdir(exist_ok=True)
    shutil.copyfile(place(tmp_path), other)
    with pytest.raises(CorruptShard, match="another content or encoder"):
        read_shard(other)


def test_tensors_that_do_not_fit_together_are_corrupt(tmp_path: Path):
    shard = dataclasses.replace(make_shard(), clip_times=np.zeros((2, 2)))
    write_shard(place(tmp_path), shard)
    with pytest.raises(CorruptShard, match="do not fit together"):
        read_shard(place(tmp_path))


def test_a_shard_of_the_format_before_is_read_with_its_own_checksum(tmp_path: Path):
    """It does not say what made its tokens; the catalog knows it by the sum without that."""
    shard = dataclasses.replace(make_shard(), features="")
    description = json.dumps([shard.encoder, shard.content, 1234, dataclasses.asdict(shard.info)])
    digest = hashlib.sha256(description.encode())
    tensors = {name: getattr(shard, name) for name in ("tokens", "clips", "clip_times")}
    for tensor in tensors.values():
        digest.update(tensor.tobytes())
    metadata = {
        "format": "2",
        "encoder": shard.encoder,
        "content": CONTENT,
        "size_bytes": "1234",
        "info": json.dumps(dataclasses.asdict(shard.info)),
        "checksum": digest.hexdigest(),
    }
    place(tmp_path).parent.mkdir()
    save_file(tensors, place(tmp_path), metadata)
    found = read_shard(place(tmp_path))
    assert_equal(found, shard)
    assert found.checksum == digest.hexdigest()


def test_a_shard_that_is_not_there_is_no_corrupt_one(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        read_shard(place(tmp_path))


# in a library


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_video(tmp_path / "videos" / "red.mp4", (250, 0, 0), seconds=1)
    write_video(tmp_path / "videos" / "green.mp4", (0, 250, 0), seconds=1)
    return tmp_path / "videos"


@pytest.fixture
def library(tmp_path: Path, folder: Path, encoder: ColourEncoder) -> Path:
    assert pipeline.index(tmp_path / "library", [folder], encoder).ok
    return tmp_path / "library"


def shards(library: Path) -> list[Path]:
    return sorted(library.glob("shards/*/*.safetensors"))


def damage(path: Path, how: str) -> None:
    if how == "gone":
        path.unlink()
    elif how == "truncated":
        path.write_bytes(path.read_bytes()[:-3])
    elif how == "flipped":
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
    else:  # intact, but not what this library knows
        shard = read_shard(path)
        write_shard(path, dataclasses.replace(shard, clips=shard.clips[:, ::-1]))


@pytest.mark.parametrize("how", ["gone", "truncated", "flipped", "exchanged"])
def test_rebuild_reads_a_video_again_whose_shard_is_damaged(
    library: Path, folder: Path, encoder: ColourEncoder, how: str
):
    truth = snapshot(library).holdings
    damage(shards(library)[0], how)
    seen = encoder.frames_seen
    report = nightly.rebuild(library, encoder)
    assert (report.ok, report.indexed, report.unchanged, report.clips) == (True, 1, 1, 2)
    assert encoder.frames_seen - seen == 2
    assert_mirrors(library, folder, truth)


def test_a_rebuild_cut_short_does_not_drop_a_video_whose_shard_was_damaged(
    library: Path, folder: Path
):
    class Impatient(ColourEncoder):
        def frame_features(self, frames):
            raise KeyboardInterrupt

    before = snapshot(library)
    damage(shards(library)[0], "flipped")
    report = nightly.rebuild(library, Impatient())
    assert (report.interrupted, report.generation) == (True, 1)
    assert "videobert rebuild" in report.failed[0].message
    assert_same_holdings(snapshot(library).holdings, before.holdings)
    assert nightly.rebuild(library, ColourEncoder()).ok
    assert_mirrors(library, folder, before.holdings)


@pytest.mark.parametrize("how", ["gone", "truncated", "exchanged"])
def test_index_names_a_damaged_shard_that_it_needs(
    library: Path, folder: Path, encoder: ColourEncoder, how: str
):
    (library / "CURRENT").unlink()  # so that the vectors have to come from the shards
    damaged = shards(library)[0]
    damage(damaged, how)
    with pytest.raises(CorruptShard, match="videobert rebuild") as caught:
        pipeline.index(library, [folder], encoder)
    assert str(damaged) in str(caught.value)
    assert nightly.rebuild(library, encoder).clips == 2


def test_index_makes_up_for_a_damaged_generation(
    library: Path, folder: Path, encoder: ColourEncoder
):
    """A bit of the live vectors has flipped: what comes next is not built upon them."""
    truth = snapshot(library).holdings
    vectors = library / "generations" / "000001" / "vectors.faiss"
    damage(vectors, "flipped")
    shutil.copyfile(folder / "red.mp4", folder / "x.mp4")
    (folder / "red.mp4").unlink()
    (folder / "green.mp4").unlink()
    assert pipeline.index(library, [folder], encoder).generation == 2
    held = snapshot(library).holdings
    assert_same_holdings(held, {content: truth[content] for content in held})


def test_a_shard_made_elsewhere_needs_no_decoding(
    library: Path, folder: Path, tmp_path: Path, encoder: ColourEncoder
):
    other = tmp_path / "other"
    shutil.copytree(library / "shards", other / "shards")
    seen = encoder.frames_seen
    report = pipeline.index(other, [folder], encoder)
    assert (report.restored, report.indexed, encoder.frames_seen) == (2, 0, seen)
    assert_mirrors(other, folder, snapshot(library).holdings)


def test_a_damaged_shard_made_elsewhere_is_made_again(
    library: Path, folder: Path, tmp_path: Path, encoder: ColourEncoder
):
    other = tmp_path / "other"
    shutil.copytree(library / "shards", other / "shards")
    damage(shards(other)[1], "truncated")
    report = pipeline.index(other, [folder], encoder)
    assert (report.restored, report.indexed) == (1, 1)
    assert_mirrors(other, folder, snapshot(library).holdings)


# another encoder


def test_another_encoder_is_refused_until_the_library_is_encoded_anew(
    library: Path, folder: Path, encoder: ColourEncoder
):
    new = ColourEncoder("0e1f")
    with pytest.raises(LibraryMismatch, match="videobert rebuild") as caught:
        Library.open(library, encoder=new.fingerprint)
    assert encoder.fingerprint in str(caught.value)
    assert new.fingerprint in str(caught.value)
    report = nightly.rebuild(library, new)
    assert (report.ok, report.indexed, report.generation, report.clips) == (True, 2, 2, 2)
    Library.open(library, encoder=new.fingerprint).close()
    assert nightly.rollback(library) == 1
    Library.open(library, encoder=encoder.fingerprint).close()


@pytest.mark.parametrize("interrupted", [False, True])
def test_the_old_generation_stays_until_everything_is_encoded_anew(
    library: Path, folder: Path, encoder: ColourEncoder, interrupted: bool
):
    """Be it because only a part was indexed, or because Ctrl-C came."""

    class New(ColourEncoder):
        def frame_features(self, frames):
            if interrupted and self.frames_seen:
                raise KeyboardInterrupt
            return super().frame_features(frames)

    new, place = New("0e1f"), folder if interrupted else folder / "red.mp4"
    report = pipeline.index(library, [place], new)
    assert (report.interrupted, report.generation) == (interrupted, 1)
    assert [failure.code for failure in report.failed] == ["LibraryMismatch"]
    assert "videobert rebuild" in report.failed[0].message
    Library.open(library, encoder=encoder.fingerprint).close()
    rest = nightly.rebuild(library, ColourEncoder("0e1f"))
    assert (rest.ok, rest.generation, rest.clips) == (True, 2, 2)
    Library.open(library, encoder="0e1f").close()


@pytest.mark.parametrize(("first", "last", "expected"), [(1, 3, 2), (3, 9, 2), (7, 9, 1)])
def test_tokens_beyond_the_end_are_left_away_but_for_one(
    tmp_path: Path, first: int, last: int, expected: int
):
    path = tmp_path / "one.safetensors"
    write_shard(path, make_shard())
    assert len(read_tokens(path, first, last)) == expected
