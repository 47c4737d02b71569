"""A library whose `model` is a published network: indexed, searched, served by it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from indexer.store.config import LibraryConfig
from indexer.store.library import Library, library_model
from model.registry import load_encoder
from search.live import EngineHolder
from tests.conftest import ColourEncoder
from tests.library_tools import write_video
from tests.tiny_towers import write_siglip
from videobert import cli

BLUE, RED = (20, 20, 230), (230, 20, 20)


@pytest.fixture(scope="module")
def tower(tmp_path_factory: pytest.TempPathFactory) -> str:
    for package in ("transformers", "sentencepiece"):
        pytest.importorskip(package)
    return f"siglip:{write_siglip(tmp_path_factory.mktemp('tower'))}"


@pytest.fixture(scope="module")
def made(tower: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of two videos, indexed with a tower."""
    desk = tmp_path_factory.mktemp("desk")
    write_video(desk / "videos" / "blue.mp4", BLUE)
    write_video(desk / "videos" / "red.mp4", RED)
    (desk / "library").mkdir()
    (desk / "library" / "library.toml").write_text(f'model = "{tower}" # a large one\n')
    done = command("index", str(desk / "videos"), "--library", str(desk / "library"))
    assert done.exit_code == 0, done.output
    return desk / "library"


def command(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), catch_exceptions=False)


def test_its_name_is_read_as_it_is_written(made: Path, tower: str):
    assert LibraryConfig.load(made / "library.toml").model == tower == library_model(made)
    assert "# a large one" in (made / "library.toml").read_text()


def test_the_vectors_are_the_towers(made: Path, tower: str):
    encoder = load_encoder(tower, "cpu")
    with Library.open(made, encoder=encoder.fingerprint) as library:
        assert library.generation.manifest.clip_count == 2
        assert library.generation.vectors.vectors(np.array([1])).shape == (1, encoder.dim)


def test_text_and_pictures_are_searched_with_it(made: Path):
    done = command("search", "a dog", "--library", str(made), "--json")
    assert done.exit_code == 0
    assert len(json.loads(done.stdout)["results"]) == 2
    clip = made.parent / "videos" / "red.mp4"
    done = command("search", "--clip", str(clip), "--library", str(made), "--json")
    assert json.loads(done.stdout)["results"][0]["video"] == str(clip)


def test_a_server_loads_it_once(
    made: Path, tower: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """However often the library is rebuilt, for it is heavy; and anew when it is another."""
    library = shutil.copytree(made, tmp_path / "library")
    loaded: list[Path | str | None] = []

    def load(model: Path | str | None, device: str = "cpu") -> object:
        loaded.append(model)
        return load_encoder(model, device) if isinstance(model, str) else ColourEncoder()

    monkeypatch.setattr("model.registry.load_encoder", load)
    holder = EngineHolder(library)
    assert holder.get().search("a dog", 1).moments
    write_video(made.parent / "videos" / "blue again.mp4", BLUE, BLUE)
    assert command("rebuild", "--library", str(library), "--device", "cpu").exit_code == 0
    assert holder.get().generation == 2
    assert loaded == [tower, tower]  # one of them is the command's
    config = library / "library.toml"
    config.write_text(config.read_text().replace(tower, "models/mine"))
    assert command("rebuild", "--library", str(library), "--device", "cpu").exit_code == 0
    assert holder.get().generation == 3
    assert loaded[2:] == [library / "models" / "mine"] * 2
