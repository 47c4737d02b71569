"""The whole path on real footage. Skipped where the research data is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer import pipeline
from indexer.report import Report
from model.registry import load_encoder
from search.engine import SearchEngine
from search.evaluation import evaluate, read_pairs


@pytest.fixture(scope="module")
def captioned(shared_data: Path) -> Path:
    return shared_data / "captioned_videos"


@pytest.fixture(scope="module")
def library(captioned: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("captioned") / "library"
    report = pipeline.index(root, [captioned], load_encoder(device="cpu"))
    assert report.ok, report.summary()
    assert report.indexed == 113
    return root


def test_captions_find_their_videos(library: Path, captioned: Path):
    """Well above step 0, which had R@1 .49 and R@10 .86; chance is .009 and .088."""
    pairs = captioned / "captions.csv"
    with SearchEngine.open(library) as engine:
        found = evaluate(engine, read_pairs(pairs), captioned)
    assert found.queries == 113
    assert not found.missing
    assert found.r1 >= 0.60
    assert found.r10 >= 0.93


def test_a_video_finds_itself(library: Path, captioned: Path):
    with SearchEngine.open(library) as engine:
        for name in ("v2a__maskvat_dog.mp4", "cbvr__flower.mp4"):
            best = engine.search_clip(captioned / name, 1).moments[0]
            assert Path(best.video).name == name
            assert best.score > 0.98


@pytest.fixture(scope="module")
def awkward(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    folder = shared_data / "awkward_files"
    root = tmp_path_factory.mktemp("awkward") / "library"
    return folder, pipeline.index(root, [folder], load_encoder(device="cpu"))


def test_every_awkward_file_is_indexed_or_failed_with_a_reason(awkward: tuple[Path, Report]):
    folder, report = awkward
    files = {path.name for path in folder.iterdir()} - {"manifest.csv"}
    assert report.indexed + report.copied + len(report.failed) == len(files)
    for failure in report.failed:
        assert Path(failure.path).name in files
        assert failure.code != "MediaError"
        assert failure.path in failure.message


def test_awkward_files_that_hold_no_picture_are_told_apart(awkward: tuple[Path, Report]):
    codes = {Path(failure.path).name: failure.code for failure in awkward[1].failed}
    assert codes == {
        "dvbsubtest_filter.mp4": "UndecodableVideo",
        "mkv__subsample_encrypted_altref.webm": "EncryptedVideo",
        "mp4__sample_mhm1_bl_cicp1_fragmented.mp4": "NoVideoStream",
        "result.webm": "EmptyFile",
        "svq3_decoding_regression.mp4": "UndecodableVideo",
        "ts__sample_ac3.ps": "NoVideoStream",
    }
