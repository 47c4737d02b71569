"""Which folders and files are followed, kept while they are away, and forgotten."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexer import nightly, pipeline
from indexer.errors import LibraryMismatch
from tests.conftest import ColourEncoder
from tests.desk import BLUE, RED, codes, index, names, put_two_videos
from tests.library_tools import snapshot, write_video


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`videos`, two of them, one in a folder of its own; `library`, the index of them."""
    desk = tmp_path_factory.mktemp("desk") / "now"
    return put_two_videos(desk)


@pytest.mark.parametrize("emptied", [False, True])
def test_what_lay_on_an_unmounted_disk_is_kept_and_reported(
    library: Path, folder: Path, encoder: ColourEncoder, emptied: bool
):
    before = snapshot(library)
    folder.rename(folder.with_name("elsewhere"))
    if emptied:  # the mount point is there, the disk is not
        folder.mkdir()
    for report in (index(library, folder, encoder=encoder), nightly.rebuild(library, encoder)):
        assert codes(report) == ["RootMissing"]
        assert report.failed[0].path == str(folder)
        assert str(folder) in report.failed[0].message
        assert "videobert forget" in report.failed[0].message
        assert snapshot(library).files == before.files
        assert report.clips == 2
    shutil.rmtree(folder, ignore_errors=True)
    folder.with_name("elsewhere").rename(folder)
    assert index(library, folder, encoder=encoder).ok


def test_a_disk_mounted_inside_a_root_is_kept_when_it_was_named(
    library: Path, folder: Path, encoder: ColourEncoder
):
    index(library, folder / "sub", encoder=encoder)
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
    assert index(library, tmp_path / "link", encoder=encoder).unchanged == 2


def test_a_link_whose_target_is_away_keeps_what_was_indexed(
    library: Path, tmp_path: Path, folder: Path, encoder: ColourEncoder
):
    blue = write_video(tmp_path / "disk" / "blue.mp4", BLUE, seconds=1)
    (folder / "link.mp4").symlink_to(blue)
    assert pipeline.index(library, [folder], encoder).indexed == 1
    blue.unlink()
    report = index(library, folder, encoder=encoder)
    assert codes(report) == ["UnreadableFile"]
    assert (report.clips, names(library)) == (3, {"red.mp4", "green.mp4", "link.mp4"})


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


def test_forgetting_what_would_come_back_is_refused(
    library: Path, folder: Path, encoder: ColourEncoder
):
    with pytest.raises(LibraryMismatch, match=f"forget {folder}"):
        nightly.forget(library, folder / "sub", encoder)
    assert nightly.rebuild(library, encoder).unchanged == 2
