"""A whole run, scored: each measure of each query."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from search.bootstrap import Difference, compare, mean_interval
from search.ranking_measures import average_precision, ndcg_at, reciprocal_rank
from search.trec import Qrels, Run, ranking

Float64 = NDArray[np.float64]
Document = TypeVar("Document", bound=Hashable)
Row = tuple[str, str]
"""A query, and a document that it should find."""

RECALLS = {"r1": 1, "r5": 5, "r10": 10}
RANKINGS: dict[str, Callable[[Sequence[str], Mapping[str, float]], float]] = {
    "mrr": reciprocal_rank,
    "ndcg10": ndcg_at,
    "map": average_precision,
}


@dataclass(frozen=True)
class Scores:
    """One measure: (Q,) values of the queries, and what each counts."""

    values: Float64
    weights: Float64

    @property
    def mean(self) -> float:
        """Over the queries, by their weights."""
        return float(np.average(self.values, weights=self.weights))

    def interval(self) -> tuple[float, float]:
        """95 % bootstrap interval of the mean."""
        return mean_interval(self.values, self.weights)

    def against(self, other: Scores) -> Difference:
        """By how much the mean is above that of another run over the same queries."""
        return compare(self.values, other.values, self.weights)


def rank_of(scores: Mapping[Document, float], target: Document | None) -> float:
    """1-based rank of a video among the `scores` by video, highest first; infinite without one.

    Ties count against it, so that a model that gives every video the same score ranks its target
    last, not first.
    """
    if target is None or target not in scores:
        return float("inf")
    return float(sum(score >= scores[target] for score in scores.values()))


def ranks(run: Run, rows: Sequence[Row]) -> Float64:
    """(R,) ranks of what each row should find, see `rank_of`."""
    return np.array([rank_of(run.get(query, {}), document) for query, document in rows])


def qrels_of(rows: Sequence[Row]) -> Qrels:
    """What each query should find; rows that ask the same are one query."""
    qrels: Qrels = {}
    for query, document in rows:
        qrels.setdefault(query, {})[document] = 1
    return qrels


def score_run(run: Run, rows: Sequence[Row]) -> dict[str, Scores]:
    """Each measure by its name. Recalls are shares of rows, the others means of queries.

    A query that the run does not have found nothing.
    """
    qrels = qrels_of(rows)
    number = {query: i for i, query in enumerate(qrels)}
    asked = np.array([number[query] for query, _ in rows])
    counts = np.bincount(asked).astype(np.float64)
    found = ranks(run, rows)
    scores = {
        name: Scores(np.bincount(asked, found <= k) / counts, counts) for name, k in RECALLS.items()
    }
    orders = [(ranking(run.get(query, {})), wanted) for query, wanted in qrels.items()]
    for name, measure in RANKINGS.items():
        values = np.array([measure(order, wanted) for order, wanted in orders])
        scores[name] = Scores(values, np.ones(len(values)))
    return scores
