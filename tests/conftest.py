"""Fixtures: a fake encoder whose vectors can be computed by eye, and small real videos."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from model.encoder import Float32, UInt8
from search.engine import SearchEngine

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from tests.fake_engine import FakeEngine

REPOSITORY = Path(__file__).resolve().parent.parent
COLOURS = {"red": (1, 0, 0), "green": (0, 1, 0), "blue": (0, 0, 1)}


class ColourEncoder:
    """Sees nothing but the mean colour, and reads nothing but names of colours.

    A red frame is near (1, 0, 0), the text "red green" is (1, 1, 0) / sqrt 2.
    """

    dim = 3
    feature_dim = 3
    frame_size = 16

    def __init__(self, fingerprint: str = "c010u5", features: str | None = None) -> None:
        self.fingerprint = fingerprint
        self.feature_fingerprint = features or f"{fingerprint}-features"
        self.frames_seen = 0

    def frame_features(self, frames: UInt8) -> Float32:
        self.frames_seen += len(frames)
        return frames.mean((1, 2), dtype=np.float32) / np.float32(255)

    def encode_clips(self, clips: Sequence[Float32]) -> Float32:
        return _unit(np.array([clip.mean(0) for clip in clips], np.float32).reshape(-1, 3))

    def encode_frames(self, frames: UInt8) -> Float32:
        return self.encode_clips(list(self.frame_features(frames)[:, None, :]))

    def encode_text(self, texts: Sequence[str]) -> Float32:
        known = [[COLOURS[w] for w in text.split() if w in COLOURS] for text in texts]
        return _unit(np.array([np.sum([(0, 0, 0), *c], axis=0) for c in known], np.float32))


def _unit(x: Float32) -> Float32:
    return (x + np.float32(1e-3)) / np.linalg.norm(x + np.float32(1e-3), axis=1, keepdims=True)


@pytest.fixture
def encoder() -> ColourEncoder:
    return ColourEncoder()


@pytest.fixture(autouse=True, scope="session")
def interruptible() -> None:
    """Shells have what they start in the background ignore Ctrl-C, and all that it starts too."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def clean_environ(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No test sees, or writes to, the library of the person who runs it."""
    for name in [name for name in os.environ if name.startswith("VIDEOBERT_")]:
        if name != "VIDEOBERT_TEST_DATA":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The research data beside the checkout; they never enter the repository."""
    chosen = os.environ.get("VIDEOBERT_TEST_DATA")
    folder = Path(chosen) if chosen else REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent: set VIDEOBERT_TEST_DATA to the research data")
    return folder


@pytest.fixture(scope="session")
def colour_videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """red, green and blue, 3 s each, and `mixed`: 18 s of blue, then 18 s of red."""
    from tests.colours import write_colours

    folder = tmp_path_factory.mktemp("videos")
    for colour in COLOURS:
        write_colours(folder / f"{colour}.mp4", colour)
    write_colours(folder / "mixed.mp4", "blue", "red", seconds=18)
    return folder


@pytest.fixture(scope="session")
def colour_library(colour_videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The four videos, indexed. Read only: it is shared by all tests."""
    from tests.colours import index_folder

    library = tmp_path_factory.mktemp("library")
    index_folder(library, colour_videos, ColourEncoder())
    return library


@pytest.fixture
def colour_engine(colour_library: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(colour_library, ColourEncoder()) as engine:
        yield engine


@pytest.fixture(scope="session")
def narrated_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Videos that talk, bear writing and have copies; see `tests.narrated`. Read only."""
    from tests.narrated import make_library

    return make_library(tmp_path_factory.mktemp("narrated"))


@pytest.fixture
def library(desk: Path) -> Path:
    """The library of the module's `desk`, as it was made; see `tests.desk`."""
    from tests.desk import restore

    return restore(desk)


@pytest.fixture
def folder(library: Path) -> Path:
    """The videos on the same desk."""
    return library.with_name("videos")


@pytest.fixture
def engine(tmp_path: Path) -> FakeEngine:
    """Answers from two small videos; see `tests.fake_engine`."""
    from tests.fake_engine import small_library

    return small_library(tmp_path)


@pytest.fixture
def client(engine: FakeEngine) -> FlaskClient:
    """Asks the page and the API over `engine`."""
    from tests.web_desk import make_app

    return make_app(engine).test_client()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A catalog of either kind, with `tests.passages.PASSAGES`."""
    from benchmarks.catalogs import own_schema
    from indexer.store.database import open_database
    from tests.passages import filled

    place = tmp_path_factory.mktemp("catalog") / "catalog.sqlite"
    if request.param == "sqlite":
        engine = open_database(place)
        yield filled(engine, place)
        engine.dispose()
        return
    with own_schema(request.getfixturevalue("postgres")) as engine:
        yield filled(engine, place)


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    """On that catalog. What a test changes is undone."""
    from sqlalchemy.orm import Session

    with Session(database) as session:
        yield session
        session.rollback()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL database: the one that VIDEOBERT_TEST_POSTGRES names, or our own."""
    from tests.postgres import server_programs, started

    if url := os.environ.get("VIDEOBERT_TEST_POSTGRES"):
        yield url
        return
    programs = server_programs()
    if programs is None:
        pytest.skip("no PostgreSQL here: install its server, or set VIDEOBERT_TEST_POSTGRES")
    with started(programs) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for the pages of one file of tests."""
    from tests.browsing import started

    with started() as browser:
        yield browser
