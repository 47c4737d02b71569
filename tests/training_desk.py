"""What tests of training do on a desk with a library to train on, see `tests.desk`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.channels.speech import Speech
from indexer.channels.update import update_channels
from indexer.channels.video import channel_videos
from indexer.readings import Readings
from indexer.report import Report
from indexer.store.writer import open_for_writing
from model.checkpoint import Checkpoint
from model.training.student import Student
from tests.conftest import ColourEncoder
from tests.tiny_checkpoint import TinyEncoder, save_tiny
from videobert import cli


def hear_again(library: Path) -> None:
    """Have the index read the subtitles as they are now, without looking at any video."""
    with open_for_writing(library) as opened:
        speech = Speech(Readings(opened.paths, opened.catalog.words, {}))
        videos = channel_videos(opened.catalog)
        update_channels(opened, ColourEncoder(), [speech], videos, Report())


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
