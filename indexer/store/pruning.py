"""Deletes the generations that are not kept, and all that nothing names any more."""

from __future__ import annotations

import shutil

from indexer.store.catalog_writer import CatalogWriter
from indexer.store.generation import current_generation, generation_numbers
from indexer.store.paths import LibraryPaths
from indexer.store.records import Garbage

KEEP = 3
"""Generations kept: the live one and two to go back to."""


def prune(paths: LibraryPaths, catalog: CatalogWriter, encoder: str, keep: int = KEEP) -> None:
    """Keep the live generation and the newest others, `keep` in all. For the holder of the lock.

    Shards of `encoder` stay as long as their videos have a file: the next generation needs them.
    """
    current = current_generation(paths)
    others = [n for n in sorted(generation_numbers(paths)) if n != current]
    kept = others[max(0, len(others) - keep + 1) :]
    if current is not None:
        kept.append(current)
    garbage = catalog.collect(kept, encoder)
    for number in set(others) - set(kept):
        shutil.rmtree(paths.generation(number))
    _delete(paths, garbage)


def _delete(paths: LibraryPaths, garbage: Garbage) -> None:
    for encoder, content in garbage.shards:
        paths.shard(encoder, content).unlink(missing_ok=True)
        paths.speech(encoder, content).unlink(missing_ok=True)
    for content in garbage.contents:
        paths.reading(content).unlink(missing_ok=True)
        for spoken in paths.shards.glob(f"*/{content}.speech.safetensors"):
            spoken.unlink()  # of an encoder that never saw its pictures
        if (artwork := paths.artwork(content)).exists():
            shutil.rmtree(artwork)
