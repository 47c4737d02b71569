"""A desk with a library to train on: put back as it was before each test, for it is dear to make.

Files keep their times, and the desk its place: the library knows its videos by both.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.channels.speech import Speech
from indexer.channels.update import update_channels
from indexer.readings import Readings
from indexer.report import Report
from indexer.store.writer import open_for_writing
from model.checkpoint import Checkpoint
from model.training.student import Student
from tests.conftest import ColourEncoder
from tests.tiny_checkpoint import TinyEncoder, save_tiny
from videobert import cli


def keep(desk: Path, state: str) -> None:
    """Keep a copy of the desk as it is now."""
    shutil.copytree(desk, desk.with_name(state), copy_function=shutil.copy2)


def restore(desk: Path, state: str) -> Path:
    """The desk as it was kept; returns its library."""
    shutil.rmtree(desk)
    shutil.copytree(desk.with_name(state), desk, copy_function=shutil.copy2)
    return desk / "library"


def hear_again(library: Path) -> None:
    """Have the index read the subtitles as they are now, without looking at any video."""
    with open_for_writing(library) as opened:
        speech = Speech(Readings(opened.paths, opened.catalog.words, {}))
        update_channels(opened, ColourEncoder(), [speech], Report())


def use_tiny(
    monkeypatch: pytest.MonkeyPatch,
    open_encoder: Callable[..., TinyEncoder],
    load: Callable[[Checkpoint], Student],
) -> None:
    """Let training read and write tiny checkpoints."""
    monkeypatch.setattr("model.registry.load_encoder", open_encoder)
    monkeypatch.setattr("model.training.checkpointing.load_student", load)
    monkeypatch.setattr("model.training.checkpointing.save_student", save_tiny)


def model_of(library: Path) -> str:
    """`model` of its library.toml."""
    return str(tomllib.loads((library / "library.toml").read_text())["model"])


def train_command(*arguments: str) -> Result:
    """`videobert train`."""
    return CliRunner().invoke(cli, ["train", *arguments], catch_exceptions=False)
