"""What keeps a candidate from going live."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer import nightly, pipeline
from indexer.errors import GenerationRefused
from indexer.store.candidate import Candidate
from indexer.store.library import Library
from indexer.store.records import EncodingRecord
from indexer.store.vectors import FaissStore
from indexer.store.writer import open_for_writing
from indexer.verification import (
    FEW_VIDEOS,
    NightlyVerification,
    verify_sentences,
    verify_vectors,
)
from tests.conftest import ColourEncoder
from tests.library_tools import snapshot, spoken, write_subtitles, write_video


def store_of(vectors: np.ndarray) -> FaissStore:
    store = FaissStore(vectors.shape[1])
    store.add(np.arange(1, len(vectors) + 1), vectors.astype(np.float32))
    return store


def encodings(count: int) -> list[EncodingRecord]:
    """`count` videos of one clip each."""
    return [EncodingRecord(i, f"{i:064x}", "", 1) for i in range(count)]


def units(count: int) -> np.ndarray:
    vectors = np.random.default_rng(1).normal(size=(count, 8))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_sound_vectors_pass():
    checks = verify_vectors(store_of(units(20)), encodings(20))
    assert [check["name"] for check in checks] == ["counts", "finite", "varied"]
    assert checks[0]["detail"] == "20 clips of 20 videos"


def test_an_empty_library_passes():
    assert verify_vectors(FaissStore(8), [])


@pytest.mark.parametrize("count", [19, 21])
def test_a_wrong_number_of_vectors_is_refused(count: int):
    with pytest.raises(GenerationRefused, match=f"counts: {count} vectors for 20 clips"):
        verify_vectors(store_of(units(count)), encodings(20))


@pytest.mark.parametrize(("value", "says"), [(np.nan, "NaN"), (np.inf, "NaN"), (0, "length")])
def test_one_bad_vector_among_many_is_refused(value: float, says: str):
    vectors = units(20)
    vectors[13] = value
    with pytest.raises(GenerationRefused, match=says) as caught:
        verify_vectors(store_of(vectors), encodings(20))
    assert "videobert rebuild" in str(caught.value)


def test_constant_vectors_are_refused_unless_there_are_few():
    same = np.repeat(units(1), FEW_VIDEOS, axis=0)
    with pytest.raises(GenerationRefused, match="all vectors are the same"):
        verify_vectors(store_of(same), encodings(FEW_VIDEOS))
    assert verify_vectors(store_of(same[1:]), encodings(FEW_VIDEOS - 1))


def test_many_alike_and_one_different_are_a_library_of_one_scene():
    vectors = np.repeat(units(1), 300, axis=0)
    vectors[299] *= -1
    assert verify_vectors(store_of(vectors), encodings(300))


def test_sound_sentences_pass():
    assert verify_sentences(store_of(units(5)), {1, 2, 3, 4, 5})
    assert verify_sentences(FaissStore(8), set())


@pytest.mark.parametrize("said", [set(), {1, 2, 3, 4}, {1, 2, 3, 4, 6}, {1, 2, 3, 4, 5, 6}])
def test_vectors_of_other_sentences_are_refused(said: set[int]):
    with pytest.raises(GenerationRefused, match=f"sentences: 5 vectors for {len(said)} sentences"):
        verify_sentences(store_of(units(5)), said)


@pytest.mark.parametrize(("value", "says"), [(np.nan, "NaN"), (np.inf, "NaN"), (0, "length")])
def test_one_bad_sentence_among_many_is_refused(value: float, says: str):
    vectors = units(20)
    vectors[13] = value
    with pytest.raises(GenerationRefused, match=says):
        verify_sentences(store_of(vectors), set(range(1, 21)))


class Reader(ColourEncoder):
    """Knows a vector for each sentence; or the same for all, or none."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def encode_text(self, texts):
        if self.kind == "varied":
            return units(len(texts))[:, :3].astype(np.float32)
        return np.full((len(texts), 3), {"same": 3**-0.5, "nan": np.nan}[self.kind], np.float32)


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("videos")
    for i in range(FEW_VIDEOS):
        write_video(folder / f"{i}.mp4", (30 * i, 100, 250 - 30 * i), seconds=0.5)
    return folder


@pytest.fixture(scope="module")
def library(videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("library")
    assert pipeline.index(library, [videos], ColourEncoder()).ok
    return library


@pytest.mark.parametrize("kind", ["same", "nan"])
def test_a_text_encoder_that_says_nothing_keeps_a_rebuild_from_going_live(
    library: Path, videos: Path, kind: str
):
    before = snapshot(library)
    extra = write_video(videos / "extra.mp4", (1, 2, 3), seconds=0.5)
    try:
        with pytest.raises(GenerationRefused, match="canary texts"):
            nightly.rebuild(library, Reader(kind))
    finally:
        extra.unlink()
    assert snapshot(library).holdings.keys() == before.holdings.keys()


def test_a_rebuild_notes_what_it_checked(library: Path, videos: Path):
    write_video(videos / "later.mp4", (3, 2, 1), seconds=0.5)
    report = nightly.rebuild(library, Reader("varied"))
    assert report.ok
    with Library.open(library) as opened:
        checks = {check["name"]: check["detail"] for check in opened.generation.manifest.checks}
    assert checks.keys() == {
        "counts",
        "finite",
        "varied",
        "sentences",
        "canary clips",
        "canary texts",
    }
    assert checks["canary clips"] == f"{FEW_VIDEOS + 1} videos find themselves"


def test_vectors_that_are_not_their_shards_are_refused(library: Path):
    with open_for_writing(library) as writer:
        live = writer.catalog.live_encodings("c010u5")
        ids = [i for found in writer.catalog.clip_ids([e.id for e in live]).values() for i in found]
        wrong = units(len(ids))[:, :3].astype(np.float32)
        store = FaissStore(3)
        store.add(np.array(ids), wrong / np.linalg.norm(wrong, axis=1, keepdims=True))
        verification = NightlyVerification(writer.paths, writer.catalog, Reader("varied"))
        with pytest.raises(GenerationRefused, match=r"canary clips: .* does not find itself"):
            verification(Candidate(store, live, FaissStore(3), set()))


@pytest.mark.parametrize("flaw", [0, np.nan])
def test_sentences_with_a_flaw_keep_an_index_from_going_live(tmp_path: Path, flaw: float):
    class Flawed(ColourEncoder):
        def encode_text(self, texts):
            return flaw * super().encode_text(texts)

    write_video(tmp_path / "videos" / "film.mp4", (250, 0, 0), seconds=0.5)
    assert pipeline.index(tmp_path / "library", [tmp_path / "videos"], ColourEncoder()).ok
    write_subtitles(tmp_path / "videos" / "film.srt", "This is red.")
    with pytest.raises(GenerationRefused, match=r"finite|unit length"):
        pipeline.index(tmp_path / "library", [tmp_path / "videos"], Flawed())
    assert spoken(tmp_path / "library") == []
