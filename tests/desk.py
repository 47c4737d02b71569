"""A desk with `videos` and their `library`: put back before each test, for it is dear to make.

Files keep their times, and the desk its place: the library knows its videos by both.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from indexer import pipeline
from indexer.report import Report
from tests.conftest import ColourEncoder
from tests.library_tools import snapshot, write_video

RED, GREEN, BLUE = (250, 0, 0), (0, 250, 0), (0, 0, 250)
MADE = "as it was made"


def keep(desk: Path, state: str = MADE) -> None:
    """Keep a copy of the desk as it is now."""
    shutil.copytree(desk, desk.with_name(state), copy_function=shutil.copy2)


def restore(desk: Path, state: str = MADE) -> Path:
    """The desk as it was kept; returns its library."""
    shutil.rmtree(desk)
    shutil.copytree(desk.with_name(state), desk, copy_function=shutil.copy2)
    return desk / "library"


def put_two_videos(desk: Path) -> Path:
    """Puts `videos`, two of them, one in a folder of its own, and their `library` on the desk."""
    write_video(desk / "videos" / "red.mp4", RED, seconds=1)
    write_video(desk / "videos" / "sub" / "green.mp4", GREEN, seconds=1)
    report = pipeline.index(desk / "library", [desk / "videos"], ColourEncoder())
    assert (report.ok, report.indexed, report.generation, report.clips) == (True, 2, 1, 2)
    keep(desk)
    return desk


def index(library: Path, *places: Path, encoder: ColourEncoder | None = None) -> Report:
    """Once more the `places`, or all videos of the desk, without decoding any picture."""
    encoder = encoder or ColourEncoder()
    seen = encoder.frames_seen
    report = pipeline.index(library, places or [library.with_name("videos")], encoder)
    assert encoder.frames_seen == seen
    snapshot(library)
    return report


def names(library: Path) -> set[str]:
    """Of the files that the library knows."""
    return {Path(path).name for path in snapshot(library).files}


def codes(report: Report) -> list[str]:
    """Of all failures."""
    return [failure.code for failure in report.failed]
