"""Generations: immutable, switched by one rename, the last three kept, rolled back by name."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from indexer import nightly, pipeline
from indexer.errors import GenerationRefused, LibraryMismatch, LibraryNotFound
from indexer.progress import Progress
from indexer.status import library_status
from indexer.store.generation import (
    Manifest,
    current_generation,
    generation_numbers,
    read_manifest,
)
from indexer.store.library import Library
from indexer.store.paths import LibraryPaths
from indexer.store.pruning import prune
from indexer.store.publisher import Publisher
from indexer.store.vectors import FaissStore
from indexer.store.writer import open_for_writing
from indexer.verification import verify_candidate
from tests.conftest import ColourEncoder
from tests.library_tools import assert_same_holdings, snapshot, write_video

RED = (250, 0, 0)


@pytest.fixture
def library(tmp_path: Path, encoder: ColourEncoder) -> Path:
    """Two videos in generation 1."""
    write_video(tmp_path / "videos" / "red.mp4", RED, seconds=1)
    write_video(tmp_path / "videos" / "green.mp4", (0, 250, 0), seconds=1)
    assert pipeline.index(tmp_path / "library", [tmp_path / "videos"], encoder).generation == 1
    return tmp_path / "library"


def grow(library: Path, encoder: ColourEncoder, times: int = 1) -> None:
    """One more video and one more generation, `times` over."""
    folder = library.with_name("videos")
    for _ in range(times):
        count = len(list(folder.iterdir()))
        write_video(folder / f"more{count}.mp4", (0, 20 * count, 250), seconds=1)
        pipeline.index(library, [folder], encoder)


def checksums(library: Path) -> dict[str, str]:
    return {
        str(path.relative_to(library)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in library.glob("generations/*/*")
    }


def clip_ids(library: Path) -> set[int]:
    with Library.open(library) as opened:
        return set(opened.generation.vectors.ids().tolist())


def test_a_generation_is_never_changed(library: Path, encoder: ColourEncoder):
    first = checksums(library)
    assert first.keys() == {
        f"generations/000001/{name}" for name in ("vectors.faiss", "manifest.json")
    }
    grow(library, encoder)
    assert first.items() <= checksums(library).items()


def test_the_manifest_tells_what_the_generation_holds(library: Path, encoder: ColourEncoder):
    manifest = read_manifest(LibraryPaths(library).generation(1))
    vectors = library / "generations" / "000001" / "vectors.faiss"
    assert manifest == Manifest(
        number=1,
        encoder=encoder.fingerprint,
        dim=3,
        clip_count=2,
        id_sum=sum(clip_ids(library)),
        vectors_sha256=hashlib.sha256(vectors.read_bytes()).hexdigest(),
        vectors_bytes=vectors.stat().st_size,
        created_at=manifest.created_at,
        checks=manifest.checks,
    )
    assert [check["name"] for check in manifest.checks] == [
        "counts",
        "finite",
        "varied",
        "sentences",
    ]


def test_the_last_three_are_kept_and_the_status_names_them(library: Path, encoder: ColourEncoder):
    grow(library, encoder, 3)
    status = library_status(library)
    assert (status.generation, status.generations) == (4, [2, 3, 4])
    assert (status.videos, status.files, status.failed, status.clips) == (5, 5, 0, 5)
    assert [p.name for p in sorted((library / "generations").iterdir())] == [
        "000002",
        "000003",
        "000004",
    ]
    assert (library / "CURRENT").read_text() == "000004\n"


def test_rollback_goes_to_the_one_before_or_to_the_one_named(library: Path, encoder: ColourEncoder):
    first = snapshot(library).holdings
    grow(library, encoder, 2)
    assert nightly.rollback(library) == 2
    assert nightly.rollback(library) == 1
    assert_same_holdings(snapshot(library).holdings, first)
    assert nightly.rollback(library, 3) == 3
    assert len(snapshot(library).holdings) == 4


def test_rollback_to_what_is_not_kept_is_refused_and_changes_nothing(
    library: Path, encoder: ColourEncoder
):
    with pytest.raises(LibraryMismatch, match="no generation before"):
        nightly.rollback(library)
    grow(library, encoder, 3)
    with pytest.raises(LibraryMismatch, match=r"generation 1 is not kept. There are 2, 3, 4."):
        nightly.rollback(library, 1)
    assert current_generation(LibraryPaths(library)) == 4


def test_rollback_to_a_damaged_generation_is_refused_and_changes_nothing(
    library: Path, encoder: ColourEncoder
):
    grow(library, encoder)
    (library / "generations" / "000001" / "manifest.json").write_text("{")
    with pytest.raises(LibraryMismatch, match=r"manifest\.json: the generation is damaged"):
        nightly.rollback(library)
    assert current_generation(LibraryPaths(library)) == 2


@pytest.mark.parametrize(
    "act", [nightly.rollback, lambda root: nightly.forget(root, root, ColourEncoder())]
)
def test_what_changes_a_library_makes_none(tmp_path: Path, act):
    with pytest.raises(LibraryNotFound, match="videobert index"):
        act(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_rebuild_without_a_library_says_so(tmp_path: Path, encoder: ColourEncoder):
    with pytest.raises(LibraryNotFound, match="videobert index"):
        nightly.rebuild(tmp_path / "nothing", encoder)
    with pytest.raises(LibraryNotFound, match="videobert index"):
        Library.open(tmp_path / "nothing")


def test_after_a_rollback_the_next_run_brings_the_library_up_to_date(
    library: Path, encoder: ColourEncoder
):
    grow(library, encoder)
    newest = snapshot(library).holdings
    nightly.rollback(library)
    seen = encoder.frames_seen
    report = pipeline.index(library, [library.with_name("videos")], encoder)
    assert (report.generation, encoder.frames_seen) == (3, seen)
    assert_same_holdings(snapshot(library).holdings, newest)


def test_the_live_generation_is_kept_however_old_it_is(library: Path, encoder: ColourEncoder):
    """A rollback, and then candidates that never go live."""
    grow(library, encoder, 2)
    nightly.rollback(library, 1)
    with open_for_writing(library) as writer:
        prune(writer.paths, writer.catalog, encoder.fingerprint, 2)
    assert generation_numbers(LibraryPaths(library)) == {1, 3}
    snapshot(library)
    with open_for_writing(library) as writer:
        prune(writer.paths, writer.catalog, encoder.fingerprint, 1)
    assert generation_numbers(LibraryPaths(library)) == {1}


def test_only_what_no_generation_names_is_deleted_and_no_id_comes_back(
    library: Path, encoder: ColourEncoder
):
    folder, shards = library.with_name("videos"), library / "shards" / encoder.fingerprint
    red = snapshot(library).files[str(folder / "red.mp4")]
    used = clip_ids(library)
    (folder / "red.mp4").unlink()
    for _ in range(2):
        grow(library, encoder)
        assert (shards / f"{red}.safetensors").exists()  # generation 1 names it still
        assert (library / "media" / str(red)).exists()
        used |= clip_ids(library)
    grow(library, encoder)
    assert generation_numbers(LibraryPaths(library)) == {2, 3, 4}
    assert not (shards / f"{red}.safetensors").exists()
    assert not (library / "media" / str(red)).exists()
    used |= clip_ids(library)
    write_video(folder / "red.mp4", RED, seconds=1)
    before = clip_ids(library)
    pipeline.index(library, [folder], encoder)
    assert not (clip_ids(library) - before) & used
    with closing(sqlite3.connect(library / "catalog.sqlite")) as connection:
        contents = {row[0] for row in connection.execute("SELECT content FROM videos")}
    assert {path.stem for path in shards.iterdir()} == contents


def test_a_reader_keeps_its_generation_while_newer_ones_are_published(
    library: Path, encoder: ColourEncoder
):
    red = encoder.encode_text(["red"])
    with Library.open(library) as reader:
        _, before = reader.generation.vectors.search(red, 2)
        library.with_name("videos").joinpath("red.mp4").unlink()
        grow(library, encoder, 2)
        assert current_generation(LibraryPaths(library)) == 3
        _, after = reader.generation.vectors.search(red, 2)
        assert before.tolist() == after.tolist()
        assert reader.catalog.clips(after[0].tolist()).keys() == set(after[0].tolist())


@pytest.mark.parametrize("flaw", ["count", "nan", "length"])
def test_a_candidate_with_a_flaw_is_not_made_live(library: Path, encoder: ColourEncoder, flaw: str):
    folder = library.with_name("videos")
    before, files = snapshot(library), checksums(library)
    write_video(folder / "new.mp4", (9, 9, 9), seconds=1)

    class Flawed(ColourEncoder):
        def encode_clips(self, clips):
            vectors = super().encode_clips(clips)
            if flaw == "count":
                return vectors
            return vectors * (np.nan if flaw == "nan" else 2)

    def verify(candidate):
        if flaw == "count":
            candidate.vectors.remove(candidate.vectors.ids()[:1])
        return verify_candidate(candidate)

    flawed = Flawed()
    with open_for_writing(library) as writer:
        pipeline.refresh(writer, [folder], flawed, Progress(quiet=True))
        publisher = Publisher(writer.paths, writer.catalog, flawed.fingerprint, flawed.dim)
        with pytest.raises(GenerationRefused, match="The one before serves on"):
            publisher.publish(verify)
    assert checksums(library) == files
    assert_same_holdings(snapshot(library).holdings, before.holdings)
    assert [path.name for path in (library / "generations").iterdir()] == ["000001"]


@pytest.mark.parametrize(
    ("name", "content", "remedy"),
    [
        ("CURRENT", b"none", "videobert rebuild"),
        ("CURRENT", b"", "videobert rebuild"),
        ("CURRENT", b"\xff\xfe", "videobert rebuild"),
        ("CURRENT", b"000007", "videobert rollback"),
        ("generations/000001/manifest.json", b"{}", "videobert rebuild"),
        ("generations/000001/manifest.json", b"[", "videobert rebuild"),
        ("generations/000001/vectors.faiss", b"IxF", "videobert rebuild"),
    ],
)
def test_a_damaged_library_is_refused_with_the_remedy_which_helps(
    library: Path, encoder: ColourEncoder, name: str, content: bytes, remedy: str
):
    before = snapshot(library).holdings
    (library / name).write_bytes(content)
    with pytest.raises(LibraryMismatch, match=remedy) as caught:
        Library.open(library)
    assert str(library) in str(caught.value)
    seen = encoder.frames_seen
    assert nightly.rebuild(library, encoder).generation == 2
    assert encoder.frames_seen == seen
    assert_same_holdings(snapshot(library).holdings, before)


def test_vectors_that_faiss_cannot_read_are_refused_by_name(library: Path):
    """The size is right, the bytes are not."""
    vectors = library / "generations" / "000001" / "vectors.faiss"
    vectors.write_bytes(b"\0" * vectors.stat().st_size)
    with pytest.raises(LibraryMismatch, match=r"vectors\.faiss.*videobert rebuild"):
        Library.open(library)


def test_vectors_of_another_generation_are_refused(library: Path, encoder: ColourEncoder):
    """As many, so that only the catalog can tell."""
    store = FaissStore(3)
    store.add(np.array([7, 8]), np.eye(3, dtype=np.float32)[:2])
    store.save(library / "generations" / "000001" / "vectors.faiss")
    folder = LibraryPaths(library).generation(1)
    text = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(text.replace('"id_sum": 3', '"id_sum": 15'))
    with pytest.raises(LibraryMismatch, match="the catalog 2 or others"):
        Library.open(library)


def test_a_lost_catalog_is_made_again_from_the_shards(library: Path, encoder: ColourEncoder):
    before = snapshot(library)
    (library / "catalog.sqlite").unlink()
    with pytest.raises(LibraryNotFound):
        Library.open(library)
    seen = encoder.frames_seen
    report = pipeline.index(library, [library.with_name("videos")], encoder)
    assert (report.restored, report.generation, encoder.frames_seen) == (2, 2, seen)
    after = snapshot(library)
    assert after.files == before.files
    assert_same_holdings(after.holdings, before.holdings)
