"""A library of the captioned videos, in a temporary folder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.pipeline import index
from model.encoder import Encoder
from model.registry import load_encoder


@contextmanager
def captioned_library(data: Path) -> Iterator[tuple[Path, Encoder]]:
    """The library's folder and its encoder; the folder is removed at the end."""
    encoder = load_encoder()
    with temporary_folder() as folder:
        index(folder, [data / "captioned_videos"], encoder)
        yield folder, encoder


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="videobert-bench-") as folder:
        yield Path(folder)
