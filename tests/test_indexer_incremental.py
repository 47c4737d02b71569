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
from indexer.errors import LibraryMismatch
from indexer.report import Report
from indexer.store.generation import generation_numbers
from indexer.store.library import Library
from indexer.store.paths import LibraryPaths
from tests.conftest import ColourEncoder
from tests.desk import keep, restore
from tests.library_tools import snapshot, write_video

RED, GREEN, BLUE = (250, 0, 0), (0, 250, 0), (0, 0, 250)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`videos`, two of them, one in a folder of its own; `library`, the index of them."""
    desk = tmp_path_factory.mktemp("desk") / "now"
    write_video(desk / "videos" / "red.mp4", RED, seconds=1)
    write_video(desk / "videos" / "sub" / "green.mp4", GREEN, seconds=1)
    report = pipeline.index(desk / "library", [desk / "videos"], ColourEncoder())
    assert (report.ok, report.indexed, report.generation, report.clips) == (True, 2, 1, 2)
    keep(desk)
    return desk


@pytest.fixture
def library(desk: Path) -> Path:
    """The two videos, indexed, as if nobody had touched them."""
    return restore(desk)


@pytest.fixture
def folder(library: Path) -> Path:
    """The two videos, beside their library."""
    return library.with_name("videos")


def again(library: Path, place: Path, encoder: ColourEncoder, **options: bool) -> Report:
    """Index once more; nothing may be decoded."""
    seen = encoder.frames_seen
    report = pipeline.index(library, [place], encoder, **options)
    assert encoder.frames_seen == seen
    return report


def names(library: Path) -> set[str]:
    return {Path(path).name for path in snapshot(library).files}


def codes(report: Report) -> list[str]:
    return [failure.code for failure in report.failed]


def test_an_unchanged_folder_costs_nothing(library: Path, folder: Path, encoder: ColourEncoder):
    report = again(library, folder, encoder)
    assert (report.ok, report.unchanged, report.generation) == (True, 2, 1)
    assert generation_numbers(LibraryPaths(library)) == {1}


def test_a_renamed_and_a_moved_file_cost_no_decoding(
    library: Path, folder: Path, encoder: ColourEncoder
):
    before = snapshot(library)
    (folder / "red.mp4").rename(folder / "rouge.mp4")
    (folder / "sub" / "green.mp4").rename(folder / "green.mp4")
    report = again(library, folder, encoder)
    assert (report.renamed, report.removed, report.copied, report.generation) == (2, 0, 0, 1)
    assert names(library) == {"rouge.mp4", "green.mp4"}
    assert snapshot(library).holdings.keys() == before.holdings.keys()


def test_two_copies_that_move_together_are_two_renames(
    library: Path, folder: Path, encoder: ColourEncoder
):
    shutil.copyfile(folder / "red.mp4", folder / "red2.mp4")
    assert again(library, folder, encoder).copied == 1
    for name in ("red.mp4", "red2.mp4"):
        (folder / name).rename(folder / "sub" / name)
    report = again(library, folder, encoder)
    assert (report.renamed, report.copied, report.removed) == (2, 0, 0)


def test_a_copy_is_a_second_path_to_the_same_video(
    library: Path, folder: Path, encoder: ColourEncoder
):
    shutil.copyfile(folder / "red.mp4", folder / "copy.mp4")
    report = again(library, folder, encoder)
    assert (report.copied, report.generation, report.clips) == (1, 1, 2)
    (folder / "red.mp4").unlink()
    report = again(library, folder, encoder)
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
    report = again(library, folder, encoder)
    assert (report.unchanged, report.copied, report.generation) == (2, 0, 1)
    assert again(library, folder, encoder).unchanged == 2


def test_a_removed_file_is_no_longer_found(library: Path, folder: Path, encoder: ColourEncoder):
    (folder / "red.mp4").unlink()
    report = again(library, folder, encoder)
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
    report = again(library, folder, encoder)
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
    report = again(library, folder, encoder)
    assert sorted(failure.path for failure in report.failed) == [
        str(folder / "one.mp4"),
        str(folder / "two.mp4"),
    ]
    assert all(failure.message.startswith(failure.path) for failure in report.failed)


@pytest.mark.parametrize("emptied", [False, True])
def test_what_lay_on_an_unmounted_disk_is_kept_and_reported(
    library: Path, folder: Path, encoder: ColourEncoder, emptied: bool
):
    before = snapshot(library)
    folder.rename(folder.with_name("elsewhere"))
    if emptied:  # the mount point is there, the disk is not
        folder.mkdir()
    for report in (again(library, folder, encoder), nightly.rebuild(library, encoder)):
        assert codes(report) == ["RootMissing"]
        assert report.failed[0].path == str(folder)
        assert str(folder) in report.failed[0].message
        assert "videobert forget" in report.failed[0].message
        assert snapshot(library).files == before.files
        assert report.clips == 2
    shutil.rmtree(folder, ignore_errors=True)
    folder.with_name("elsewhere").rename(folder)
    assert again(library, folder, encoder).ok


def test_a_disk_mounted_inside_a_root_is_kept_when_it_was_named(
    library: Path, folder: Path, encoder: ColourEncoder
):
    again(library, folder / "sub", encoder)
    (folder / "sub" / "green.mp4").unlink()
    report = nightly.rebuild(library, encoder)
    assert codes(report) == ["RootMissing"]
    assert names(library) == {"red.mp4", "green.mp4"}


def test_a_single_file_is_followed_without_its_folder(
    tmp_path: Path, folder: Path, encoder: ColourEncoder
):
    library, single = tmp_path / "library", folder / "red.mp4"
    write_video(folder / "blue.mp4", BLUE, seconds=1)
    assert pipeline.index(library, [single], encoder).indexed == 1
    assert nightly.rebuild(library, encoder).unchanged == 1
    assert names(library) == {"red.mp4"}
    single.unlink()
    report = nightly.rebuild(library, encoder)
    assert (report.ok, report.removed, report.clips) == (True, 1, 0)


@pytest.mark.parametrize("emptied", [False, True])
def test_a_single_file_on_an_unmounted_disk_is_kept(
    tmp_path: Path, encoder: ColourEncoder, emptied: bool
):
    single = write_video(tmp_path / "disk" / "red.mp4", RED, seconds=1)
    library = tmp_path / "library"
    pipeline.index(library, [single], encoder)
    single.unlink()
    if not emptied:
        single.parent.rmdir()
    assert codes(nightly.rebuild(library, encoder)) == ["RootMissing"]
    assert names(library) == {"red.mp4"}


def test_a_place_that_never_was_is_reported_and_the_rest_is_indexed(
    tmp_path: Path, folder: Path, encoder: ColourEncoder
):
    places = [tmp_path / "nowhere", tmp_path / ("x" * 300), folder]
    report = pipeline.index(tmp_path / "library", places, encoder)
    assert codes(report) == ["RootMissing", "RootMissing"]
    assert report.indexed == 2


def test_a_file_in_nested_and_repeated_roots_counts_once(
    tmp_path: Path, folder: Path, encoder: ColourEncoder
):
    (folder / "sub" / "dead.mp4").symlink_to("nowhere.mp4")
    library = tmp_path / "library"
    report = pipeline.index(library, [folder, folder / "sub", folder], encoder)
    assert (report.indexed, codes(report)) == (2, ["UnreadableFile"])
    report = nightly.rebuild(library, encoder)
    assert (report.unchanged, codes(report)) == (2, ["UnreadableFile"])


def test_links_to_files_are_followed_links_to_folders_are_not(
    tmp_path: Path, folder: Path, encoder: ColourEncoder
):
    (folder / "link.mp4").symlink_to(folder / "red.mp4")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    report = pipeline.index(tmp_path / "library", [folder], encoder)
    assert (report.ok, report.indexed, report.copied) == (True, 2, 1)
    assert names(tmp_path / "library") == {"red.mp4", "green.mp4", "link.mp4"}


def test_a_root_that_is_a_link_is_known_by_where_it_leads(
    library: Path, tmp_path: Path, folder: Path, encoder: ColourEncoder
):
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    assert again(library, tmp_path / "link", encoder).unchanged == 2


def test_a_link_whose_target_is_away_keeps_what_was_indexed(
    library: Path, tmp_path: Path, folder: Path, encoder: ColourEncoder
):
    blue = write_video(tmp_path / "disk" / "blue.mp4", BLUE, seconds=1)
    (folder / "link.mp4").symlink_to(blue)
    assert pipeline.index(library, [folder], encoder).indexed == 1
    blue.unlink()
    report = again(library, folder, encoder)
    assert codes(report) == ["UnreadableFile"]
    assert (report.clips, names(library)) == (3, {"red.mp4", "green.mp4", "link.mp4"})


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
    report = again(library, folder, encoder)
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


def test_forgetting_a_root_takes_its_videos_out(
    library: Path, folder: Path, encoder: ColourEncoder
):
    pipeline.index(library, [folder / "sub"], encoder)
    forgotten = nightly.forget(library, folder, encoder)
    assert (forgotten.removed, forgotten.clips) == (1, 1)  # sub/green.mp4 has a root of its own
    report = nightly.rebuild(library, encoder)
    assert (report.ok, report.clips, names(library)) == (True, 1, {"green.mp4"})


def test_forgetting_what_is_not_there_is_refused(library: Path, encoder: ColourEncoder):
    with pytest.raises(LibraryMismatch, match="nothing of it is in the library"):
        nightly.forget(library, Path("/elsewhere"), encoder)


def test_a_library_among_the_videos_is_not_indexed(
    colour_videos: Path, tmp_path: Path, encoder: ColourEncoder
):
    """Its previews are videos too; each night they would become the user's."""
    folder = tmp_path / "videos"
    folder.mkdir()
    shutil.copy(colour_videos / "red.mp4", folder)
    library = folder / "library"
    report = pipeline.index(library, [folder], encoder)
    (preview,) = (path / "preview-0-1000.mp4" for path in library.glob("media/*"))
    shutil.copy(colour_videos / "green.mp4", preview)
    again = nightly.rebuild(library, encoder)
    assert (report.indexed, again.indexed, again.clips) == (1, 0, 1)


def test_artwork_that_a_kill_left_half_made_is_removed(library: Path, encoder: ColourEncoder):
    left = library / "media" / ".abc.partial"
    left.mkdir(parents=True)
    (left / "poster.jpg").write_bytes(b"half")
    nightly.rebuild(library, encoder)
    assert not left.exists()


def test_forgetting_what_would_come_back_is_refused(
    library: Path, folder: Path, encoder: ColourEncoder
):
    with pytest.raises(LibraryMismatch, match=f"forget {folder}"):
        nightly.forget(library, folder / "sub", encoder)
    assert nightly.rebuild(library, encoder).unchanged == 2


def test_every_run_is_noted_with_its_report(library: Path, folder: Path, encoder: ColourEncoder):
    nightly.rebuild(library, encoder)
    with closing(sqlite3.connect(library / "catalog.sqlite")) as connection:
        runs = connection.execute("SELECT command, finished_at, report FROM runs").fetchall()
    assert [run[0] for run in runs] == ["index", "rebuild"]
    assert all(run[1] is not None for run in runs)
    assert json.loads(runs[0][2])["indexed"] == 2
