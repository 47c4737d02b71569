"""The encoder that a generation was made with, which need not be the one that is set now.

A model that was trained is named in library.toml before `rebuild` has indexed with it, and
`rollback` goes back to the vectors of an older one: questions follow the vectors, not the setting.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import LibraryMismatch
from indexer.store.library import Library, library_model, model_below
from model.errors import ModelError

if TYPE_CHECKING:
    from model.encoder import Encoder

Model = Path | str | None
"""As `model.registry.load_encoder` takes it; None is the shipped checkpoint."""


def encoder_of(library: Library, known: Encoder | None = None) -> Encoder:
    """The encoder whose fingerprint the opened generation bears; `known`, if it is that one.

    A checkpoint's fingerprint is in its manifest, so looking for the right one reads no weights; a
    published network has to be loaded. Raises ModelError where the model that is set cannot be
    opened, LibraryMismatch where none that is at hand made these vectors, naming the one that did.
    """
    from model.registry import load_encoder

    made_by = library.generation.manifest.encoder
    if known is not None and known.fingerprint == made_by:
        return known
    failed: dict[Model, ModelError] = {}
    for model in _candidates(library):
        try:
            encoder = load_encoder(model)
        except ModelError as error:
            failed[model] = error
            continue
        if encoder.fingerprint == made_by:
            return encoder
    raise _missing(library, failed)


def _candidates(library: Library) -> list[Model]:
    """What may have made the vectors, each once: the likeliest first, heavy guesses last."""
    recorded, configured = _recorded(library), library_model(library.paths.root)
    own = library.paths.model(library.generation.manifest.encoder)
    folders = [model for model in (configured, own) if isinstance(model, Path)]
    there = [folder for folder in folders if folder == configured or folder.is_dir()]
    first = [] if recorded is None else [recorded]
    return list(dict.fromkeys([*first, *there, None, configured]))


def _recorded(library: Library) -> Model:
    """What the manifest says; None as well where it says nothing."""
    return model_below(library.paths.root, library.generation.manifest.model)


def _missing(library: Library, failed: dict[Model, ModelError]) -> Exception:
    configured, recorded = library_model(library.paths.root), _recorded(library)
    if configured in failed:
        return failed[configured]
    manifest = library.generation.manifest
    name = f' with `model = "{manifest.model}"`' if manifest.model else ""
    why = f" ({failed[recorded]})" if recorded in failed else ""
    return LibraryMismatch(
        f"{library.paths.root}: generation {manifest.number} was made by encoder "
        f"{manifest.encoder}{name}, which is not at hand{why}. Put that model back in its place, "
        "or run `videobert rebuild` to encode the videos anew."
    )
