"""How well a library is searched: recall of `video,caption` pairs."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.engine import SearchEngine
from search.errors import InvalidQuery, UnknownVideo
from search.query import resolve_video

BATCH = 64


@dataclass(frozen=True)
class Pair:
    """A caption, and the video that it describes."""

    video: str
    caption: str


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


def read_pairs(path: Path) -> list[Pair]:
    """Rows of a CSV with the columns `video` and `caption`. Raises InvalidQuery."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        columns = reader.fieldnames or []
        if not {"video", "caption"} <= set(columns):
            raise InvalidQuery(f"{path}: needs the columns video and caption, has {columns}.")
        pairs = [Pair(row["video"], row["caption"]) for row in reader]
    if not pairs:
        raise InvalidQuery(f"{path}: holds no pair.")
    return pairs


def evaluate(engine: SearchEngine, pairs: Sequence[Pair], folder: Path) -> Evaluation:
    """Rank all videos by their best clip for each caption; relative names are below `folder`."""
    ranks: list[float] = []
    missing: set[str] = set()
    paths = engine.paths()
    for start in range(0, len(pairs), BATCH):
        batch = pairs[start : start + BATCH]
        scores, videos = engine.best_per_video([pair.caption for pair in batch])
        column = {video: i for i, video in enumerate(videos)}
        for row, pair in zip(scores, batch, strict=True):
            target = column.get(_video_id(pair.video, folder, paths) or -1)
            if target is None:
                missing.add(pair.video)
            ranks.append(float("inf") if target is None else rank_of(row, target))
    return _figures(np.array(ranks), tuple(sorted(missing)))


def rank_of(scores: NDArray[np.float32], target: int) -> float:
    """1-based rank of `scores[target]`, (N,), highest first; ties count against it.

    So a model that gives every video the same score ranks its target last, not first.
    """
    return float((scores >= scores[target]).sum())


def _figures(ranks: NDArray[np.float64], missing: tuple[str, ...]) -> Evaluation:
    r1, r5, r10 = (round(float((ranks <= k).mean()), 4) for k in (1, 5, 10))
    return Evaluation(len(ranks), r1, r5, r10, float(np.median(ranks)), missing)


def _video_id(name: str, folder: Path, paths: dict[str, int]) -> int | None:
    beside = paths.get(str((folder / name).resolve()))
    if beside is not None:
        return beside
    try:
        return resolve_video(name, paths)
    except UnknownVideo:
        return None
