"""How well a library is searched: recall of `video,caption` pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.captions import Caption, read_captions
from indexer.video_names import VideoNames
from search.engine import SearchEngine
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


def evaluate(engine: SearchEngine, pairs: Sequence[Caption], folder: Path) -> Evaluation:
    """Rank all videos by their best moment for each caption, as a search shows them.

    Relative names are below `folder`.
    """
    ranks: list[float] = []
    missing: set[str] = set()
    names, scores = VideoNames(engine.paths()), engine.video_scores()
    column = {video: i for i, video in enumerate(scores.videos)}
    for start in range(0, len(pairs), BATCH):
        batch = pairs[start : start + BATCH]
        vectors = scores.text_vectors([pair.text for pair in batch])
        for vector, pair in zip(vectors, batch, strict=True):
            target = column.get(_video_id(pair.video, folder, names) or -1)
            if target is None:
                missing.add(pair.video)
                ranks.append(float("inf"))
                continue
            row = scores.of_vector(vector)
            row = engine.as_shown(pair.text, vector, row, scores.videos)
            ranks.append(rank_of(row, target))
    return _figures(np.array(ranks), tuple(sorted(missing)))


def rank_of(scores: NDArray[np.float32], target: int) -> float:
    """1-based rank of `scores[target]`, (N,), highest first; ties count against it.

    So a model that gives every video the same score ranks its target last, not first.
    """
    return float((scores >= scores[target]).sum())


def _figures(ranks: NDArray[np.float64], missing: tuple[str, ...]) -> Evaluation:
    r1, r5, r10 = (round(float((ranks <= k).mean()), 4) for k in (1, 5, 10))
    return Evaluation(len(ranks), r1, r5, r10, float(np.median(ranks)), missing)


def _video_id(name: str, folder: Path, names: VideoNames[int]) -> int | None:
    found = names.find(name, folder)
    return found.pop() if len(found) == 1 else None
