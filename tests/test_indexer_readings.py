"""What is read of a video besides pictures: kept, read again, or given up."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from indexer import nightly, pipeline
from indexer.copies.update import update_copies
from indexer.errors import DecoderCrashed, UnreadableFile
from indexer.media.jobs import DecodeJob, Failed
from indexer.readings import Readings
from indexer.store.words import WordsWriter
from indexer.store.writer import open_for_writing
from tests.conftest import ColourEncoder
from tests.desk import index, keep
from tests.library_tools import snapshot, spoken, write_subtitles, write_video

NOTES = ("judgements", "reported_contents", "expected_answers", "saved_queries")
WORDS = ("copies", "tags", "details", "readings", "sources", "passage_terms", "passages")
TABLES = (*NOTES, *WORDS)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`videos`, two of them, one in two files and with subtitles; and their library."""
    desk = tmp_path_factory.mktemp("desk") / "now"
    write_video(desk / "videos" / "a.mp4", (250, 0, 0), (0, 250, 0), seconds=2)
    write_subtitles(desk / "videos" / "a.srt", "This is red.")
    shutil.copyfile(desk / "videos" / "a.mp4", desk / "videos" / "twin.mp4")
    write_video(desk / "videos" / "b.mp4", (0, 0, 250), seconds=1)
    assert pipeline.index(desk / "library", [desk / "videos"], ColourEncoder()).ok
    keep(desk)
    return desk


def make_old(library: Path) -> None:
    """As the first version left a library: clips, and nothing else."""
    with closing(sqlite3.connect(library / "catalog.sqlite")) as connection:
        for table in TABLES:
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
    shutil.rmtree(library / "readings")
    for vectors in library.glob("shards/*/*.speech.safetensors"):
        vectors.unlink()
    shutil.rmtree(library / "generations" / "000001")
    (library / "CURRENT").unlink()


def test_a_library_of_the_first_version_is_read_without_encoding(library: Path):
    before = snapshot(library)
    make_old(library)
    report = index(library)
    assert (report.ok, report.reread, report.indexed) == (True, 2, 0)
    assert (report.unchanged, report.copied, report.renamed) == (1, 0, 0)
    assert snapshot(library).passages == before.passages
    assert spoken(library) == ["This is red."]
    assert index(library).reread == 0


def failing(monkeypatch: pytest.MonkeyPatch, error: type[DecoderCrashed | UnreadableFile]) -> None:
    """The decoder gives up on every file."""

    class Pool:
        def __init__(self, **_: object) -> None: ...

        def __enter__(self) -> Pool:
            return self

        def __exit__(self, *_: object) -> None: ...

        def decode(self, jobs: object) -> object:
            for job in jobs:  # type: ignore[attr-defined]
                assert isinstance(job, DecodeJob)
                yield Failed(job, error(job.path, "it died"))

    monkeypatch.setattr(pipeline, "DecoderPool", Pool)


def test_a_video_that_crashes_only_while_it_is_read_again_stays_searchable(
    library: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    make_old(library)
    with monkeypatch.context() as patch:
        failing(patch, DecoderCrashed)
        report = index(library)
    assert (report.ok, report.reread) == (True, 0)
    assert str(folder / "a.mp4") in report.warnings
    assert report.warnings[str(folder / "b.mp4")] == ("cannot be read again: it died",)
    assert len(snapshot(library).holdings) == 2
    assert spoken(library) == ["This is red."]  # what lies beside it is read nevertheless
    assert (index(library).reread, index(library).warnings) == (0, {})


def test_a_file_that_could_not_be_opened_is_tried_again(
    library: Path, monkeypatch: pytest.MonkeyPatch
):
    make_old(library)
    with monkeypatch.context() as patch:
        failing(patch, UnreadableFile)
        assert index(library).reread == 0
    assert index(library).reread == 2


def test_what_was_read_before_stays_when_it_cannot_be_read_anew(
    library: Path, monkeypatch: pytest.MonkeyPatch
):
    before = {path.name: path.read_text() for path in library.glob("readings/*")}
    newer = {"file": "2", "shots": "1", "fingerprint": "1"}
    monkeypatch.setattr(pipeline, "recipes", lambda **_: newer)
    failing(monkeypatch, DecoderCrashed)
    assert index(library).ok
    with open_for_writing(library) as opened:
        readings = Readings(opened.paths, opened.catalog.words, newer)
        for name, text in before.items():
            stored = readings.of(Path(name).stem)
            assert stored.recipes == newer
            assert stored.reading.shots
            assert stored.reading.fingerprint
            assert str(stored.reading.fingerprint) in text


def test_a_video_without_a_fingerprint_is_compared_with_nothing(
    library: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    make_old(library)
    with monkeypatch.context() as patch:
        failing(patch, DecoderCrashed)
        index(library)
    write_video(folder / "new.mp4", (0, 250, 250), seconds=1)
    assert pipeline.index(library, [folder], ColourEncoder()).ok


def test_what_is_read_anew_is_compared_anew(library: Path, monkeypatch: pytest.MonkeyPatch):
    compared: list[int] = []

    def note(*arguments: object) -> int:
        compared.append(update_copies(*arguments))  # type: ignore[arg-type]
        return compared[-1]

    monkeypatch.setattr(pipeline, "update_copies", note)
    index(library)
    next(library.glob("readings/*")).unlink()
    assert nightly.rebuild(library, ColourEncoder()).reread == 1
    assert compared == [0, 1]


def test_readings_go_with_the_last_generation_that_names_their_videos(library: Path, folder: Path):
    gone = snapshot(library).files[str(folder / "b.mp4")]
    assert gone is not None
    (folder / "b.mp4").unlink()
    for seconds in (1, 2, 3):
        assert (library / "readings" / f"{gone}.json").exists()
        write_video(folder / "other.mp4", (0, 250, 250), seconds=seconds)
        pipeline.index(library, [folder], ColourEncoder())
    assert not (library / "readings" / f"{gone}.json").exists()


def test_a_run_that_changes_nothing_opens_no_reading(
    library: Path, monkeypatch: pytest.MonkeyPatch
):
    def opened(*_: object) -> None:
        raise AssertionError("a reading was opened, or words were written")

    monkeypatch.setattr("indexer.readings.read_reading", opened)
    monkeypatch.setattr(WordsWriter, "replace", opened)
    monkeypatch.setattr(WordsWriter, "put_reading", opened)
    assert index(library).unchanged == 3
