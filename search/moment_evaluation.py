"""How well captions find the moments that they describe; the rule is in `moment_measures`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexer.captions import Caption
from search.bootstrap import mean_interval
from search.engine import SearchEngine
from search.language import plain_question
from search.moment_measures import Answer, Place, average_precision_at, hit_at
from search.results import Moment

DEPTH = 100
"""Moments of an answer that are looked at."""
MEASURES = ("r1_iou50", "r1_iou70", "map_iou50")


@dataclass(frozen=True)
class MomentFigures:
    """Means over the queries that name moments; those with the same caption are one query."""

    queries: int
    means: dict[str, float]
    """Of `MEASURES`: the share of queries whose first answer matches at IoU .5 and .7; mAP."""
    intervals: dict[str, tuple[float, float]]
    """95 % bootstrap."""

    def to_json(self) -> dict[str, Any]:
        means = {name: round(mean, 4) for name, mean in self.means.items()}
        intervals = {
            name: [round(low, 4), round(high, 4)] for name, (low, high) in self.intervals.items()
        }
        return {"queries": self.queries, **means, "intervals": intervals}


def evaluate_moments(
    engine: SearchEngine,
    pairs: Sequence[Caption],
    targets: Sequence[int | None],
    channels: Collection[str],
) -> MomentFigures | None:
    """Ask for the moments of `pairs`, whose videos have the ids `targets`; None without any."""
    wanted: dict[str, list[Place]] = {}
    for pair, target in zip(pairs, targets, strict=True):
        if pair.start_s is not None and pair.end_s is not None:
            wanted.setdefault(pair.text, []).append(Place(target, pair.start_s, pair.end_s))
    if not wanted:
        return None
    scores = np.array(
        [_scores(_answers(engine, text, channels), expected) for text, expected in wanted.items()]
    )
    columns = dict(zip(MEASURES, scores.T, strict=True))
    return MomentFigures(
        len(wanted),
        {name: float(column.mean()) for name, column in columns.items()},
        {name: mean_interval(column) for name, column in columns.items()},
    )


def _scores(answers: Sequence[Answer], expected: Sequence[Place]) -> tuple[float, ...]:
    """In the order of `MEASURES`."""
    return (
        hit_at(answers, expected, 1, 0.5),
        hit_at(answers, expected, 1, 0.7),
        average_precision_at(answers, expected, 0.5),
    )


def _answers(engine: SearchEngine, text: str, channels: Collection[str]) -> list[Answer]:
    found = engine.search(plain_question(text), DEPTH, channels=channels)
    return [_places(moment) for moment in found.moments]


def _places(moment: Moment) -> Answer:
    """The moment, and the same in the copies that were folded into it."""
    places = [Place(copy.video_id, copy.start_s, copy.end_s) for copy in moment.copies]
    return [Place(moment.video_id, moment.start_s, moment.end_s), *places]
