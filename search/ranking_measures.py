"""How good one ranking is, given what was wanted of it.

A ranking is document names, best first, each once; `wanted` are those that answer the query, with
their gain: 1, or more for what answers it better. What is wanted and missing from the ranking
counts as never found. The figures are those of trec_eval, by the same names.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Gains = Mapping[str, float]


def recall_at(ranking: Sequence[str], wanted: Gains, k: int) -> float:
    """Share of the wanted that is among the first `k`, 0 to 1."""
    relevant = _relevant(wanted)
    return len(relevant.intersection(ranking[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], wanted: Gains) -> float:
    """1 / rank of the first that is wanted; 0 where none is. Its mean is MRR."""
    relevant = _relevant(wanted)
    return next((1 / rank for rank, name in enumerate(ranking, 1) if name in relevant), 0.0)


def average_precision(ranking: Sequence[str], wanted: Gains) -> float:
    """Precision at the rank of each that is wanted, summed over how many are. Its mean is mAP."""
    relevant = _relevant(wanted)
    found, total = 0, 0.0
    for rank, name in enumerate(ranking, 1):
        if name in relevant:
            found += 1
            total += found / rank
    return total / len(relevant) if relevant else 0.0


def ndcg_at(ranking: Sequence[str], wanted: Gains, k: int = 10) -> float:
    """Gains of the first `k`, each over log2(rank + 1), as a share of the best there could be.

    Järvelin and Kekäläinen 2002, with linear gains. 0 to 1.
    """
    ideal = sorted((gain for gain in wanted.values() if gain > 0), reverse=True)
    best = _discounted(ideal[:k])
    return (
        _discounted([max(0.0, wanted.get(name, 0)) for name in ranking[:k]]) / best if best else 0
    )


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def _relevant(wanted: Gains) -> set[str]:
    return {name for name, gain in wanted.items() if gain > 0}
