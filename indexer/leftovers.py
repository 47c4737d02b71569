"""What trained models and their runs leave behind, and what of it is cleared away.

Kept are reports and figures of every run, what an unfinished run needs to go on, a model that
waits for its place, and what teachers saw of videos that are there.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from indexer.errors import LibraryMismatch
from indexer.run_origin import ORIGIN, RunOrigin
from indexer.store.catalog import Catalog
from indexer.store.generation import generation_numbers, read_manifest
from indexer.store.library import library_model, model_below
from indexer.store.paths import LibraryPaths
from indexer.waiting_model import CANDIDATE, is_waiting, was_accepted

STATE = "state.pt"
_FINGERPRINT = re.compile("[0-9a-f]{16}")


def clear_models(paths: LibraryPaths) -> None:
    """Delete trained models that neither library.toml nor a kept generation names.

    Only folders that are called by a fingerprint, as those that were trained here are; and none
    while a kept generation is damaged, and cannot tell what it was made by.
    """
    try:
        named = {folder.resolve() for folder in _named(paths)}
    except LibraryMismatch:
        return
    for folder in _folders(paths.models):
        if _FINGERPRINT.fullmatch(folder.name) and folder.resolve() not in named:
            shutil.rmtree(folder)


def clear_runs(paths: LibraryPaths, catalog: Catalog) -> None:
    """Drop the weights of runs that are over, and all that was made of videos that are gone.

    A run that has learnt from a video that is in the library no longer cannot be gone on with.
    """
    there = {file.content for file in catalog.files().values() if file.content is not None}
    for path in paths.teachers.glob("*/*.safetensors"):
        if path.stem not in there:
            path.unlink()
    for run in _folders(paths.training):
        if run == paths.teachers:
            continue
        origin = RunOrigin.read(run)
        if origin is None or not origin.videos <= there:
            (run / ORIGIN).unlink(missing_ok=True)
            _drop_weights(run)
        elif was_accepted(run) is not None and not is_waiting(run):
            _drop_weights(run)


def _drop_weights(run: Path) -> None:
    (run / STATE).unlink(missing_ok=True)
    if (run / CANDIDATE).exists():
        shutil.rmtree(run / CANDIDATE)


def _named(paths: LibraryPaths) -> Iterator[Path]:
    """Folders of the models that may be asked for."""
    models = [library_model(paths.root)]
    for number in generation_numbers(paths):
        manifest = read_manifest(paths.generation(number))
        models += [paths.model(manifest.encoder), model_below(paths.root, manifest.model)]
    yield from (model for model in models if isinstance(model, Path))


def _folders(place: Path) -> list[Path]:
    return [path for path in place.iterdir() if path.is_dir()] if place.is_dir() else []
