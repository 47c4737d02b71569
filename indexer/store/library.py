"""A library, opened: catalog and live generation together, or a refusal that says why."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from indexer.closing import Closing
from indexer.errors import LibraryMismatch, LibraryNotFound
from indexer.store.catalog import Catalog
from indexer.store.clip_table import ClipTable
from indexer.store.config import LibraryConfig
from indexer.store.generation import Generation, current_generation, read_manifest
from indexer.store.owners import Owners
from indexer.store.paths import LibraryPaths
from model.towers.registry import is_dual_name


class Library(Closing):
    """A read-only view of one generation; it stays valid while newer ones are published."""

    def __init__(self, paths: LibraryPaths, catalog: Catalog, generation: Generation) -> None:
        self.paths = paths
        self.catalog = catalog
        self.generation = generation
        self.clips = ClipTable(catalog, generation.number, generation.manifest.clip_count)
        """What the vectors of the generation are of."""

    @classmethod
    def open(
        cls,
        root: Path,
        *,
        encoder: str | None = None,
        generation: int | None = None,
        candidate: Path | None = None,
    ) -> Library:
        """Open the live generation, or the one with the number `generation`.

        `candidate` is the folder of one that is not in its place yet.

        `encoder` is the fingerprint of the encoder that will ask. Raises LibraryNotFound, and
        LibraryMismatch when catalog, generation and encoder do not agree.
        """
        paths = LibraryPaths(root)
        number = read_manifest(candidate).number if candidate else generation
        if number is None and paths.catalog.exists():
            number = current_generation(paths)
        if number is None:
            raise LibraryNotFound(
                f"{root}: no library here yet. Run `videobert index FOLDER` to make one."
            )
        catalog = Catalog(paths.catalog)
        try:
            opened = Generation.open(candidate or paths.generation(number))
            _require_encoder(root, opened, encoder)
            _require_agreement(root, opened, catalog)
        except BaseException:
            catalog.close()
            raise
        return cls(paths, catalog, opened)

    @cached_property
    def sentence_owners(self) -> Owners:
        """The videos of what is said, as it was when first asked for."""
        return self.catalog.words.sentence_owners()

    def close(self) -> None:
        self.catalog.close()


def library_model(root: Path) -> Path | str | None:
    """What the library was set to use, for `model.registry.load_encoder`: the folder of a
    checkpoint, the name of a published network, or None for the shipped checkpoint."""
    return model_below(root, LibraryConfig.load(LibraryPaths(root).config).model)


def model_below(root: Path, model: Path | str | None) -> Path | str | None:
    """`model` as it is written in library.toml or in a manifest; relative folders are in `root`."""
    if model is None or is_dual_name(str(model)):
        return model
    return root / model


def _require_encoder(root: Path, generation: Generation, encoder: str | None) -> None:
    made_by = generation.manifest.encoder
    if encoder is not None and encoder != made_by:
        raise LibraryMismatch(
            f"{root}: its vectors were made by encoder {made_by}, this one is {encoder}. Run "
            "`videobert rebuild` to encode the videos anew; the old vectors stay until it is done."
        )


def _require_agreement(root: Path, generation: Generation, catalog: Catalog) -> None:
    manifest = generation.manifest
    found = catalog.census(manifest.number)
    if found != (manifest.clip_count, manifest.id_sum):
        raise LibraryMismatch(
            f"{root}: generation {manifest.number} has {manifest.clip_count} clips, the catalog "
            f"{found[0]} or others. Run `videobert rebuild` to make the vectors from the shards."
        )
