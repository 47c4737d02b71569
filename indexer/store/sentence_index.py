"""Vectors of all that is said in a library, by passage id."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np

from indexer.store.sentences import read_sentences
from indexer.store.vectors import VectorStore

Sentences: TypeAlias = dict[str, dict[int, int]]
"""Content -> position of a passage in its video -> its id."""


def passage_ids(said: Sentences) -> set[int]:
    """The ids of all these passages."""
    return {passage for positions in said.values() for passage in positions.values()}


def update_sentences(store: VectorStore, said: Sentences, place: Callable[[str], Path]) -> None:
    """Bring `store` to the sentences `said`; `place` is where a content's vectors lie.

    Raises CorruptShard.
    """
    have = set(store.ids().tolist())
    store.remove(np.array(sorted(have - passage_ids(said)), np.int64))
    for content, positions in said.items():
        if not have.issuperset(positions.values()):  # passages of a video are entered together
            found = read_sentences(place(content))
            ids = np.array([positions[i] for i in found.positions.tolist()], np.int64)
            store.add(ids, found.vectors)
