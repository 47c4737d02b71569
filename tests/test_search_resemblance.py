"""The second look at what is like a picture, a moment or a clip."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from indexer.store.library import Library
from model.encoder import Float32
from search import resemblance
from search.engine import SearchEngine
from search.resemblance import Resemblance, likeness
from search.results import SearchResult
from search.stretch_tokens import Stretch
from tests.colours import index_folder, write_colours
from tests.conftest import ColourEncoder

RED, GREEN, BLUE = np.eye(3, dtype=np.float32)


class Dichromat(ColourEncoder):
    """Its joint space does not tell green from blue; what it sees of a frame does."""

    def encode_clips(self, clips: Sequence[Float32]) -> Float32:
        seen = super().encode_clips(clips)
        seen[:, 1:] = seen[:, 1:].mean(1, keepdims=True)
        return np.asarray(seen / np.linalg.norm(seen, axis=1, keepdims=True))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, colour_videos: Path) -> Path:
    """red, green, blue and mixed, as a dichromat indexed them; read only."""
    library = tmp_path_factory.mktemp("dichromat")
    index_folder(library, colour_videos, Dichromat("d1c802a7"))
    return library


@pytest.fixture
def engine(library: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(library, Dichromat("d1c802a7")) as engine:
        yield engine


def titles(result: SearchResult) -> list[str]:
    return [moment.title for moment in result.moments]


def picture(path: Path, colour: Float32) -> Path:
    cv2.imwrite(str(path), np.full((32, 32, 3), colour[::-1] * 250, np.uint8))
    return path


@pytest.mark.parametrize(("colour", "names"), [(GREEN, {"green"}), (BLUE, {"blue", "mixed"})])
def test_a_picture_finds_what_the_joint_space_cannot_tell(
    engine: SearchEngine, tmp_path: Path, colour: Float32, names: set[str]
):
    result = engine.search_image(picture(tmp_path / "one.png", colour))
    assert set(titles(result)[: len(names)]) == names
    scores = [moment.score for moment in result.moments]
    assert scores == sorted(scores, reverse=True)


def test_two_pictures_count_alike(engine: SearchEngine, tmp_path: Path):
    both = [picture(tmp_path / "red.png", RED), picture(tmp_path / "blue.png", BLUE)]
    found = titles(engine.search("", pictures=both))
    assert found.index("green") > max(found.index("red"), found.index("blue"))


def test_a_moment_finds_others_like_it(engine: SearchEngine):
    assert titles(engine.search_like("blue.mp4", 1.0))[0] == "mixed"
    assert titles(engine.search_like("mixed.mp4", 5.0))[0] == "blue"


def test_a_clip_finds_others_like_it(engine: SearchEngine, tmp_path: Path):
    clip = tmp_path / "clip.mp4"
    write_colours(clip, "green", seconds=6)
    assert titles(engine.search_clip(clip))[0] == "green"
    write_colours(clip, "blue", seconds=6)
    found = engine.search_clip(clip).moments
    assert {moment.title for moment in found[:2]} == {"blue", "mixed"}


def test_beside_words_vectors_decide(engine: SearchEngine, tmp_path: Path):
    """What the words add can only be told in the joint space."""
    blue = picture(tmp_path / "blue.png", BLUE)
    found = engine.search("red", pictures=[blue]).moments
    assert {moment.title for moment in found} == {"red", "green", "blue", "mixed"}


def test_a_moment_without_its_shard_is_looked_for_by_its_vector(
    library: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    copied = shutil.copytree(library, tmp_path / "library")
    with SearchEngine.open(copied, Dichromat("d1c802a7")) as engine:
        blue = engine.find("blue.mp4")
        with Library.open(copied) as opened:
            content = opened.catalog.videos([blue.id])[blue.id].content
            opened.paths.shard("d1c802a7", content).unlink()
        with caplog.at_level(logging.WARNING):
            result = engine.search_like(blue.id, 1.0)
    assert {"green", "mixed"} <= set(titles(result))
    assert content in caplog.text


def test_the_best_change_places_and_the_rest_stays(
    library: Path, engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(resemblance, "TOP", 2)
    stretches = [
        Stretch(engine.find(f"{name}.mp4").id, 0.0, 3.0) for name in ("green", "red", "blue")
    ]
    with Library.open(library) as opened:
        order = Resemblance(opened).order([RED[None]], stretches)
        alone = Resemblance(opened).order_each([[RED[None]], [GREEN[None]]], stretches[:2])
        none = Resemblance(opened).order([RED[None]], [])
    assert order.tolist() == [1, 0, 2]
    assert alone.tolist() == [0, 1]  # both are as unlike
    assert none.tolist() == []


def test_likeness_is_the_mean_of_the_best_of_both_sides():
    assert likeness(np.array([RED, GREEN]), np.array([GREEN, RED])) == pytest.approx(1)
    assert likeness(np.array([RED, GREEN]), np.array([RED])) == pytest.approx((0.5 + 1) / 2)
    assert likeness(np.array([RED, RED]), np.array([3 * RED])) == pytest.approx(1)
    assert likeness(np.array([RED, RED]), np.array([-RED])) == pytest.approx(-1)


def test_what_is_shown_beside_a_picture_is_no_fault():
    assert likeness(np.array([RED]), np.array([GREEN, RED, BLUE])) == pytest.approx(1)


def test_a_black_frame_is_like_nothing():
    assert likeness(np.zeros((1, 3), np.float32), np.array([RED])) == 0
