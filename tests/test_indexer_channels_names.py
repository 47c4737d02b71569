"""What videos are called, and what is said of them, while files come, change and go."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from indexer import pipeline
from indexer.media.details import Details
from indexer.store.catalog import Catalog
from indexer.store.paths import LibraryPaths
from tests.conftest import ColourEncoder
from tests.desk import index, keep
from tests.library_tools import snapshot, write_video

INFO = {"title": "How to sail", "tags": ["Boats"], "uploader": "Ana"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`videos/summer/lake.mp4` with `lake.info.json`, and the library of them."""
    desk = tmp_path_factory.mktemp("desk") / "now"
    write_video(desk / "videos" / "summer" / "lake.mp4", (250, 0, 0), seconds=1)
    (desk / "videos" / "summer" / "lake.info.json").write_text(json.dumps(INFO))
    assert pipeline.index(desk / "library", [desk / "videos"], ColourEncoder()).ok
    keep(desk)
    return desk


def called(library: Path) -> list[str]:
    (rows,) = snapshot(library).passages.values()
    return [row[4] for row in rows if row[0] == "name"]


@contextmanager
def catalog_of(library: Path) -> Iterator[Catalog]:
    with closing(Catalog(LibraryPaths(library).catalog)) as catalog:
        yield catalog


def details(library: Path) -> Details:
    with catalog_of(library) as catalog:
        (video,) = catalog.words.videos()
        return catalog.words.details([video.id]).get(video.id, Details())


def test_a_video_bears_the_names_of_file_folders_and_sidecar(library: Path):
    assert called(library) == ["lake", "videos/summer", "How to sail", "Boats", "Ana"]
    assert (details(library).title, details(library).tags) == ("How to sail", ("boats",))


def test_a_name_goes_with_its_file_and_nothing_is_decoded(library: Path, folder: Path):
    (folder / "summer" / "lake.mp4").rename(folder / "sea.mp4")
    report = index(library)
    assert (report.renamed, report.removed, report.generation) == (1, 0, 1)
    assert called(library) == ["sea", "videos"]
    assert (details(library).title, details(library).tags) == ("", ())
    (folder / "summer" / "lake.info.json").rename(folder / "sea.info.json")
    index(library)
    assert called(library) == ["sea", "videos", "How to sail", "Boats", "Ana"]


def test_a_sidecar_is_edited_and_removed(library: Path, folder: Path):
    sidecar = folder / "summer" / "lake.info.json"
    sidecar.write_text(json.dumps({"title": "How to row", "uploader": "Ben"}))
    index(library)
    assert called(library) == ["lake", "videos/summer", "How to row", "Ben"]
    sidecar.unlink()
    index(library)
    assert called(library) == ["lake", "videos/summer"]


def test_copies_share_their_names(library: Path, folder: Path):
    shutil.copyfile(folder / "summer" / "lake.mp4", folder / "zurich.mp4")
    index(library)
    assert called(library)[:4] == ["lake", "zurich", "videos/summer", "videos"]
    (folder / "zurich.mp4").unlink()
    index(library)
    assert called(library)[:2] == ["lake", "videos/summer"]


def test_a_broken_sidecar_is_named_with_the_remedy(library: Path, folder: Path):
    sidecar = folder / "summer" / "lake.info.json"
    sidecar.write_text("{")
    report = index(library)
    assert report.ok
    (warning,) = report.warnings[str(sidecar)]
    assert warning.endswith(".")
    assert called(library) == ["lake", "videos/summer"]
    assert index(library).warnings == {}


@pytest.mark.parametrize("left", ["nothing", "an empty folder"])
def test_details_stay_while_the_disk_is_not_mounted(library: Path, folder: Path, left: str):
    """The videos lie in a folder that is not looked at in this run."""
    write_video(folder / "other" / "new.mp4", (0, 0, 250), seconds=1)
    (folder / "summer").rename(folder.with_name("away"))
    if left == "an empty folder":
        (folder / "summer").mkdir()
    assert pipeline.index(library, [folder / "other"], ColourEncoder()).ok
    with catalog_of(library) as catalog:
        ids = [video.id for video in catalog.words.videos()]
        titles = {one.title for one in catalog.words.details(ids).values()}
    assert "How to sail" in titles


def test_the_order_of_indexing_changes_no_word(library: Path, folder: Path, tmp_path: Path):
    write_video(folder / "a.mp4", (0, 250, 0), seconds=1)
    pipeline.index(library, [folder], ColourEncoder())
    fresh = tmp_path / "fresh"
    pipeline.index(fresh, [folder], ColourEncoder())
    assert snapshot(fresh).passages == snapshot(library).passages
