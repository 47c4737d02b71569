"""How well saved queries find what they have to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from indexer.store.saved_queries import SavedQuery
from search.engine import SearchEngine
from search.golden import TOP_K, found, golden_answers


@dataclass(frozen=True)
class SavedFigures:
    """Of one saved query."""

    name: str
    found: int
    """Expected answers among the best `search.golden.TOP_K`."""
    expected: int
    """Those that the library still has."""
    gone: int
    """Those that have left it."""

    @property
    def recall(self) -> float:
        """Not a number where nothing is left to be found."""
        return self.found / self.expected if self.expected else float("nan")


def evaluate_saved(engine: SearchEngine, queries: Sequence[SavedQuery]) -> list[SavedFigures]:
    """Each query that has expected answers, asked as a search asks it."""
    figures = []
    for query in queries:
        if query.expected:
            there = len(golden_answers(engine, query))
            hits = len(found(engine, query, TOP_K))
            figures.append(SavedFigures(query.name, hits, there, len(query.expected) - there))
    return figures


def mean_recall(figures: Sequence[SavedFigures]) -> float | None:
    """Over the queries that have something left to find; None without any."""
    counted = [one.recall for one in figures if one.expected]
    return sum(counted) / len(counted) if counted else None


def to_json(figures: Sequence[SavedFigures]) -> dict[str, Any]:
    """The shape that `videobert evaluate --saved --json` prints."""
    return {
        "queries": len(figures),
        f"recall{TOP_K}": mean_recall(figures),
        "saved": [dict(vars(one)) for one in figures],
    }
