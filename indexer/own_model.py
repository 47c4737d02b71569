"""The model that a library trains: which it is now, and how a new one takes its place."""

from __future__ import annotations

import shutil
from pathlib import Path

from indexer.errors import LibraryBusy
from indexer.store.atomic import make_folder, sync_file, sync_folder
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

    `candidate` lies in the folder of its run. Raises LibraryBusy while the library is being
    indexed; then all stays as it is, and the message says how to go on.
    """
    place = paths.model(Checkpoint.open(candidate).fingerprint)
    try:
        with exclusive_lock(paths.lock):
            if not place.exists():  # else the same was trained before
                _move_durably(candidate, place)
            set_model(paths.config, place.relative_to(paths.root))
            shutil.rmtree(candidate, ignore_errors=True)  # what is left where it lay there already
    except LibraryBusy as error:
        run = candidate.parent
        raise LibraryBusy(
            f"{error} The new model was accepted and waits in {run}. Then put it in its place: "
            f"videobert train --library {paths.root} --resume {run}"
        ) from error
    return place


def _move_durably(folder: Path, place: Path) -> None:
    """Once library.toml names it, it has to be there also after a power failure."""
    for path in folder.iterdir():
        sync_file(path)
    sync_folder(folder)
    make_folder(place.parent)
    folder.rename(place)
    sync_folder(place.parent)
