"""What a second run costs and reports."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from indexer import nightly, pipeline
from indexer.store.generation import generation_numbers
from indexer.store.library import Library
from indexer.store.paths import LibraryPaths
from tests.conftest import ColourEncoder
from tests.desk import BLUE, RED, codes, index, names, put_two_videos
from tests.library_tools import snapshot, write_video


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`videos`, two of them, one in a folder of its own; `library`, the index of them."""
    desk = tmp_path_factory.mktemp("desk") / "now"
    return put_two_videos(desk)


def test_an_unchanged_folder_costs_nothing(library: Path, folder: Path, encoder: ColourEncoder):
    report = index(library, folder, encoder=encoder)
    assert (report.ok, report.unchanged, report.generation) == (True, 2, 1)
    assert generation_numbers(LibraryPaths(library)) == {1}


def test_a_renamed_and_a_moved_file_cost_no_decoding(
    library: Path, folder: Path, encoder: ColourEncoder
):
    before = snapshot(library)
    (folder / "red.mp4").rename(folder / "rouge.mp4")
    (folder / "sub" / "green.mp4").rename(folder / "green.mp4")
    report = index(library, folder, encoder=encoder)
    assert (report.renamed, report.removed, report.copied, report.generation) == (2, 0, 0, 1)
    assert names(library) == {"rouge.mp4", "green.mp4"}
    assert snapshot(library).holdings.keys() == before.holdings.keys()


def test_two_copies_that_move_together_are_two_renames(
    library: Path, folder: Path, encoder: ColourEncoder
):
    shutil.copyfile(folder / "red.mp4", folder / "red2.mp4")
    assert index(library, folder, encoder=encoder).copied == 1
    for name in ("red.mp4", "red2.mp4"):
        (folder / name).rename(folder / "sub" / name)
    report = index(library, folder, encoder=encoder)
    assert (report.renamed, report.copied, report.removed) == (2, 0, 0)


def test_a_copy_is_a_second_path_to_the_same_video(
    library: Path, folder: Path, encoder: ColourEncoder
):
    shutil.copyfile(folder / "red.mp4", folder / "copy.mp4")
    report = index(library, folder, encoder=encoder)
    assert (report.copied, report.generation, report.clips) == (1, 1, 2)
    (folder / "red.mp4").unlink()
    report = index(library, folder, encoder=encoder)
    assert (report.removed, report.clips) == (1, 2)
    assert names(library) == {"copy.mp4", "green.mp4"}


def test_twins_that_come_together_are_decoded_once(
    library: Path, folder: Path, encoder: ColourEncoder
):
    write_video(folder / "blue.mp4", BLUE, seconds=1)
    shutil.copyfile(folder / "blue.mp4", folder / "azul.mp4")
    seen = encoder.frames_seen
    report = pipeline.index(library, [folder], encoder)
    assert (report.indexed, report.copied, report.clips) == (1, 1, 3)
    assert encoder.frames_seen - seen == 2  # one second, two pictures a second


def test_a_touched_file_is_unchanged(library: Path, folder: Path, encoder: ColourEncoder):
    os.utime(folder / "red.mp4", (1, 1))
    report = index(library, folder, encoder=encoder)
    assert (report.unchanged, report.copied, report.generation) == (2, 0, 1)
    assert index(library, folder, encoder=encoder).unchanged == 2


def test_a_removed_file_is_no_longer_found(library: Path, folder: Path, encoder: ColourEncoder):
    (folder / "red.mp4").unlink()
    report = index(library, folder, encoder=encoder)
    assert (report.ok, report.removed, report.generation, report.clips) == (True, 1, 2, 1)
    assert names(library) == {"green.mp4"}


def test_other_content_under_a_known_path_replaces_it(
    library: Path, folder: Path, encoder: ColourEncoder
):
    old = snapshot(library).holdings.keys()
    write_video(folder / "red.mp4", BLUE, seconds=1)
    report = pipeline.index(library, [folder], encoder)
    assert (report.indexed, report.removed, report.clips) == (1, 0, 2)
    new = snapshot(library)
    assert len(new.holdings.keys() - old) == len(old - new.holdings.keys()) == 1
    assert new.files[str(folder / "red.mp4")] in new.holdings


def test_a_failed_file_stays_failed_until_it_is_asked_for_or_touched(
    library: Path, folder: Path, encoder: ColourEncoder
):
    """The same size and time with a good content shows whether the file was looked at."""
    hidden = folder / "hidden.mp4"
    good = write_video(folder.parent / "good.mp4", BLUE, seconds=1).read_bytes()
    hidden.write_bytes(b"x" * len(good))
    os.utime(hidden, (1000, 1000))
    assert codes(pipeline.index(library, [folder], encoder)) == ["NotAVideo"]
    hidden.write_bytes(good)
    os.utime(hidden, (1000, 1000))
    report = index(library, folder, encoder=encoder)
    assert codes(report) == ["NotAVideo"]
    with Library.open(library) as opened:
        assert opened.catalog.counts() == {"videos": 2, "files": 3, "failed": 1}
    asked = pipeline.index(library, [folder], encoder, retry_failed=True)
    assert (asked.ok, asked.indexed) == (True, 1)


def test_a_failed_file_is_tried_again_when_touched(
    library: Path, folder: Path, encoder: ColourEncoder
):
    hidden = folder / "hidden.mp4"
    good = write_video(folder.parent / "good.mp4", BLUE, seconds=1).read_bytes()
    hidden.write_bytes(b"x" * len(good))
    os.utime(hidden, (1000, 1000))
    assert codes(pipeline.index(library, [folder], encoder)) == ["NotAVideo"]
    hidden.write_bytes(good)
    os.utime(hidden, (2000, 2000))
    assert pipeline.index(library, [folder], encoder).indexed == 1


def test_each_copy_of_a_broken_file_is_reported_under_its_own_name(
    library: Path, folder: Path, encoder: ColourEncoder
):
    for name in ("one.mp4", "two.mp4"):
        (folder / name).write_bytes(b"no video at all")
    report = index(library, folder, encoder=encoder)
    assert sorted(failure.path for failure in report.failed) == [
        str(folder / "one.mp4"),
        str(folder / "two.mp4"),
    ]
    assert all(failure.message.startswith(failure.path) for failure in report.failed)


def test_names_that_are_not_utf8_are_reported_and_the_rest_is_indexed(
    tmp_path: Path, folder: Path, encoder: ColourEncoder
):
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9"))
    write_video(folder / "blue.mp4", BLUE, seconds=1).rename(f"{odd}.mp4")
    odd.mkdir()
    shutil.copyfile(folder / "red.mp4", odd / "red.mp4")
    library = tmp_path / "library"
    report = pipeline.index(library, [folder, odd], encoder)
    assert (report.indexed, codes(report)) == (2, ["UnreadableFile"] * 3)
    assert all("\\udce9" in f.path or "\\xe9" in f.path for f in report.failed)
    assert nightly.rebuild(library, encoder).unchanged == 2


def test_an_empty_file_is_named_with_a_remedy(library: Path, folder: Path, encoder: ColourEncoder):
    (folder / "empty.mp4").touch()
    report = index(library, folder, encoder=encoder)
    assert codes(report) == ["EmptyFile"]
    assert report.failed[0].message == (
        f"{folder / 'empty.mp4'}: the file is empty. Copy or download it again."
    )


def test_the_last_video_removed_from_a_folder_of_several_leaves_an_empty_generation(
    tmp_path: Path, encoder: ColourEncoder
):
    (tmp_path / "videos").mkdir()
    report = pipeline.index(tmp_path / "library", [tmp_path / "videos"], encoder)
    assert (report.ok, report.generation, report.clips) == (True, 1, 0)
    assert snapshot(tmp_path / "library").holdings == {}


class Forgetful(ColourEncoder):
    """Writes to a file while it is being read."""

    def __init__(self, victim: Path) -> None:
        super().__init__()
        self.victim = victim

    def frame_features(self, frames):
        with self.victim.open("ab") as file:
            file.write(b"\0" * 8)
        return super().frame_features(frames)


@pytest.mark.parametrize(("victim", "indexed"), [("a.mp4", 0), ("b.mp4", 1)])
def test_a_file_that_is_written_to_while_it_is_read_is_not_taken_for_what_it_was(
    tmp_path: Path, victim: str, indexed: int
):
    """`a` is decoded and `b` is its copy: when `a` changes, the vectors may be of anything."""
    folder, library = tmp_path / "videos", tmp_path / "library"
    write_video(folder / "a.mp4", RED, seconds=1)
    shutil.copyfile(folder / "a.mp4", folder / "b.mp4")
    report = pipeline.index(library, [folder], Forgetful(folder / victim))
    assert report.indexed == indexed
    assert codes(report) == ["UnreadableFile"] * (2 - indexed)
    assert "changed while" in report.failed[0].message
    assert len(list(library.glob("shards/*/*.safetensors"))) == indexed
    assert len(list(library.glob("media/*"))) == indexed
    settled = pipeline.index(library, [folder], ColourEncoder())
    assert settled.ok
    assert settled.clips == 2


def test_artwork_that_a_kill_left_half_made_is_removed(library: Path, encoder: ColourEncoder):
    left = library / "media" / ".abc.partial"
    left.mkdir(parents=True)
    (left / "poster.jpg").write_bytes(b"half")
    nightly.rebuild(library, encoder)
    assert not left.exists()


def test_every_run_is_noted_with_its_report(library: Path, folder: Path, encoder: ColourEncoder):
    nightly.rebuild(library, encoder)
    with closing(sqlite3.connect(library / "catalog.sqlite")) as connection:
        runs = connection.execute("SELECT command, finished_at, report FROM runs").fetchall()
    assert [run[0] for run in runs] == ["index", "rebuild"]
    assert all(run[1] is not None for run in runs)
    assert json.loads(runs[0][2])["indexed"] == 2
