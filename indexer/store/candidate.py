"""A generation before it is live: what it holds, beside what it should hold."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from pathlib import Path

from indexer.store.records import EncodingRecord
from indexer.store.vectors import VectorStore


@dataclass(frozen=True)
class Candidate:
    """The vectors as they lie on disk, and what the catalog says of them."""

    vectors: VectorStore
    """Of clips."""
    live: list[EncodingRecord]
    """The shards that these are the clips of."""
    sentences: VectorStore
    """Of what is said."""
    said: Set[int]
    """Ids of the passages that these are of."""


Verify = Callable[[Candidate], list[dict[str, object]]]
"""Checks a candidate; returns what it checked, raises GenerationRefused."""

Accept = Callable[[Path], list[dict[str, object]]]
"""Asks a verified candidate, by its folder, as a search would; returns and raises the same."""
