"""The model that a library trains: which it is now, and how a new one takes its place."""

from __future__ import annotations

from pathlib import Path

from indexer.store.atomic import sync_folder
from indexer.store.config import set_model
from indexer.store.library import library_model
from indexer.store.lock import exclusive_lock
from indexer.store.paths import LibraryPaths
from model.checkpoint import PRETRAINED, Checkpoint
from model.errors import ModelError


def current_checkpoint(root: Path) -> Checkpoint:
    """Of the library's model. Raises CheckpointError, and ModelError when it has none to train."""
    model = library_model(root)
    if isinstance(model, str):
        raise ModelError(
            f"{root}: this library uses {model}, which is not trained here. Take `model` out of "
            "library.toml and run `videobert rebuild` first; the small model can then be trained, "
            f"or taught with `videobert train --teacher {model}`."
        )
    return Checkpoint.open(model or PRETRAINED)


def install(paths: LibraryPaths, candidate: Path) -> Path:
    """Move an accepted checkpoint to where it stays, then name it in library.toml.

    Raises LibraryBusy while the library is being indexed; then all stays as it is.
    """
    fingerprint = Checkpoint.open(candidate).fingerprint
    with exclusive_lock(paths.lock):
        place = paths.model(fingerprint)
        if not place.exists():  # else the same was trained before
            place.parent.mkdir(exist_ok=True)
            candidate.rename(place)
            sync_folder(place.parent)
        set_model(paths.config, place.relative_to(paths.root))
    return place
