"""A folder that appears whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path


def partial_folder(folder: Path) -> Path:
    """Where `folder` is prepared; one fixed name, so that a later run clears what was left."""
    return folder.with_name(f".{folder.name}.partial")


def remove_partial(folder: Path) -> None:
    """Remove what an interrupted preparation of `folder` left behind."""
    shutil.rmtree(partial_folder(folder), ignore_errors=True)


def sweep(parent: Path) -> None:
    """Remove all that interrupted preparations left in `parent`. For the only writer there."""
    for left in parent.glob(".*.partial"):
        shutil.rmtree(left, ignore_errors=True)


def begin(folder: Path) -> Path:
    """An empty folder to fill, beside `folder`. Raises OSError."""
    remove_partial(folder)
    partial = partial_folder(folder)
    partial.mkdir(parents=True)
    return partial


def publish(folder: Path) -> None:
    """Put the filled folder in `folder`'s place. Raises OSError."""
    if folder.exists():
        shutil.rmtree(folder)
    partial_folder(folder).rename(folder)
