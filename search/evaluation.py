"""How well a library is searched: recall of `video,caption` pairs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.captions import Caption, read_captions
from indexer.video_names import VideoNames
from search.engine import SearchEngine
from search.evidence import CHANNELS
from search.query import clean_text
from search.textfiles import in_line

BATCH = 64


@dataclass(frozen=True)
class Evaluation:
    """Recall at 1, 5 and 10 and the median rank, over all queries."""

    queries: int
    r1: float
    r5: float
    r10: float
    median_rank: float
    missing: tuple[str, ...] = ()
    """Videos of the pairs that are not in the library; their queries count as never found."""

    def to_json(self) -> dict[str, Any]:
        figures = {"queries": self.queries, "r1": self.r1, "r5": self.r5, "r10": self.r10}
        median = self.median_rank if np.isfinite(self.median_rank) else None
        return {**figures, "median_rank": median, "missing": list(self.missing)}


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

    Relative names are below `folder`.
    """
    ranks: list[float] = []
    missing: set[str] = set()
    names = VideoNames(engine.paths())
    for start in range(0, len(pairs), BATCH):
        batch = pairs[start : start + BATCH]
        ranked = engine.rank_videos([pair.text for pair in batch], channels)
        for scores, pair in zip(ranked, batch, strict=True):
            target = _video_id(pair.video, folder, names)
            if target is None:
                missing.add(pair.video)
            ranks.append(rank_of(scores, target))
    return _figures(np.array(ranks), tuple(sorted(missing)))


def rank_of(scores: Mapping[int, float], target: int | None) -> float:
    """1-based rank of a video among the `scores` by video, highest first; infinite without one.

    Ties count against it, so that a model that gives every video the same score ranks its target
    last, not first.
    """
    if target is None or target not in scores:
        return float("inf")
    return float(sum(score >= scores[target] for score in scores.values()))


def _figures(ranks: NDArray[np.float64], missing: tuple[str, ...]) -> Evaluation:
    r1, r5, r10 = (round(float((ranks <= k).mean()), 4) for k in (1, 5, 10))
    return Evaluation(len(ranks), r1, r5, r10, float(np.median(ranks)), missing)


def _video_id(name: str, folder: Path, names: VideoNames[int]) -> int | None:
    found = names.find(name, folder)
    return found.pop() if len(found) == 1 else None
