"""A desk with `videos` and their `library`: put back before each test, for it is dear to make.

Files keep their times, and the desk its place: the library knows its videos by both.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from indexer import pipeline
from indexer.report import Report
from tests.conftest import ColourEncoder
from tests.library_tools import snapshot

MADE = "as it was made"


def keep(desk: Path, state: str = MADE) -> None:
    """Keep a copy of the desk as it is now."""
    shutil.copytree(desk, desk.with_name(state), copy_function=shutil.copy2)


def restore(desk: Path, state: str = MADE) -> Path:
    """The desk as it was kept; returns its library."""
    shutil.rmtree(desk)
    shutil.copytree(desk.with_name(state), desk, copy_function=shutil.copy2)
    return desk / "library"


def index(library: Path, *places: Path, encoder: ColourEncoder | None = None) -> Report:
    """Once more the `places`, or all videos of the desk, without decoding any picture."""
    encoder = encoder or ColourEncoder()
    report = pipeline.index(library, places or [library.with_name("videos")], encoder)
    assert encoder.frames_seen == 0
    snapshot(library)
    return report
