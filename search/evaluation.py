"""How well a library is searched: `video,caption` pairs, and how well the captions find theirs."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from indexer.captions import Caption, read_captions
from indexer.video_names import VideoNames
from search.bootstrap import Difference
from search.engine import SearchEngine
from search.errors import InvalidQuery
from search.evidence import CHANNELS
from search.moment_evaluation import MomentFigures, evaluate_moments
from search.query import clean_text
from search.run_scores import Row, qrels_of, ranks, score_run
from search.textfiles import in_line
from search.trec import Qrels, Run, absent_name, query_name

BATCH = 64

Interval = tuple[float, float]


@dataclass(frozen=True)
class Evaluation:
    """Figures over all pairs, and the run that they are of.

    `r1`, `r5`, `r10` and the median rank are of rows: each is a question for its own video, and
    equal scores count against it. MRR, nDCG and mAP are of queries: rows with the same caption are
    one query that several videos answer, and equal scores are ordered as trec_eval orders them.
    """

    queries: int
    """Number of pairs."""
    r1: float
    r5: float
    r10: float
    median_rank: float
    missing: tuple[str, ...] = ()
    """Videos of the pairs that are not in the library; their queries count as never found."""
    mrr: float = 0.0
    ndcg10: float = 0.0
    map: float = 0.0
    intervals: dict[str, Interval] = field(default_factory=dict)
    """Measure -> 95 % bootstrap interval."""
    moments: MomentFigures | None = None
    """Where pairs say which moment is meant."""
    run: Run = field(default_factory=dict, repr=False)
    rows: tuple[Row, ...] = field(default=(), repr=False)

    @property
    def qrels(self) -> Qrels:
        """What each query should find."""
        return qrels_of(self.rows)

    def against(self, other: Run) -> dict[str, Difference]:
        """Measure -> by how much it is above that of `other`, a run of the same queries.

        Raises InvalidQuery when that one has none of the queries, or others.
        """
        strange = other.keys() - self.qrels.keys()
        if strange:
            raise InvalidQuery(
                f"The other run has {len(strange)} queries that these pairs have not, such as "
                f"{min(strange)}. Compare runs of the same captions."
            )
        others = score_run(other, self.rows)
        return {
            name: scores.against(others[name])
            for name, scores in score_run(self.run, self.rows).items()
        }

    def to_json(self) -> dict[str, Any]:
        median = self.median_rank if np.isfinite(self.median_rank) else None
        found = {
            **{name: getattr(self, name) for name in ("queries", "r1", "r5", "r10")},
            "median_rank": median,
            **{name: getattr(self, name) for name in ("mrr", "ndcg10", "map")},
            "intervals": {name: list(interval) for name, interval in self.intervals.items()},
            "missing": list(self.missing),
        }
        return found if self.moments is None else {**found, "moments": self.moments.to_json()}


def read_pairs(path: Path) -> list[Caption]:
    """Captions of a CSV, all of them fit to be asked.

    Raises indexer.errors.UnreadableFile, and InvalidQuery for a caption that is no question.
    """
    captions = read_captions(path)
    for caption in captions:
        with in_line(path, caption.line):
            clean_text(caption.text)
    return captions


def evaluate(
    engine: SearchEngine,
    pairs: Sequence[Caption],
    folder: Path,
    channels: Collection[str] = CHANNELS,
) -> Evaluation:
    """Rank videos by their best moment for each caption, as a search shows them.

    Relative names are below `folder`. Pairs that name a moment are also asked for it.
    """
    names = VideoNames(engine.paths())
    targets = [_video_id(pair.video, folder, names) for pair in pairs]
    contents = {video.id: video.content for video in engine.videos(limit=sys.maxsize)}
    documents = [None if target is None else contents.get(target) for target in targets]
    rows = [
        (query_name(pair.text), document or absent_name(pair.video))
        for pair, document in zip(pairs, documents, strict=True)
    ]
    absent = {pair.video for pair, one in zip(pairs, documents, strict=True) if one is None}
    run = _run(engine, [pair.text for pair in pairs], channels, contents)
    moments = evaluate_moments(engine, pairs, targets, channels)
    return _figures(run, rows, tuple(sorted(absent)), moments)


def _run(
    engine: SearchEngine, texts: Sequence[str], channels: Collection[str], contents: dict[int, str]
) -> Run:
    """What each of `texts`, asked once, finds."""
    run: Run = {}
    asked = list(dict.fromkeys(texts))
    for start in range(0, len(asked), BATCH):
        batch = asked[start : start + BATCH]
        for text, scores in zip(batch, engine.rank_videos(batch, channels), strict=True):
            run[query_name(text)] = {
                contents[video]: score for video, score in scores.items() if video in contents
            }
    return run


def _figures(
    run: Run, rows: list[Row], missing: tuple[str, ...], moments: MomentFigures | None
) -> Evaluation:
    scores = score_run(run, rows)
    median = float(np.median(ranks(run, rows)))
    means = {name: round(one.mean, 4) for name, one in scores.items()}
    intervals = {name: _rounded(one.interval()) for name, one in scores.items()}
    return Evaluation(
        queries=len(rows),
        median_rank=median,
        missing=missing,
        intervals=intervals,
        moments=moments,
        run=run,
        rows=tuple(rows),
        **means,
    )


def _rounded(interval: Interval) -> Interval:
    return round(interval[0], 4), round(interval[1], 4)


def _video_id(name: str, folder: Path, names: VideoNames[int]) -> int | None:
    found = names.find(name, folder)
    return found.pop() if len(found) == 1 else None
