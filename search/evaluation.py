"""How well a library is searched: recall of `video,caption` pairs."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.engine import SearchEngine
from search.errors import InvalidQuery, UnknownVideo
from search.evidence import CHANNELS
from search.query import clean_text, full_path, resolve_video
from search.textfiles import in_line, read_text

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
    rows = _rows(path)
    _, columns = next(rows, (1, []))
    if not {"video", "caption"} <= set(columns):
        raise InvalidQuery(
            f"{path}: needs the columns video and caption, has {columns}. Name them in its first "
            "line."
        )
    pairs = []
    for line, row in rows:
        with in_line(path, line):
            pairs.append(_pair(columns, row))
    if not pairs:
        raise InvalidQuery(f"{path}: holds no pair. Write a video and its caption in each line.")
    return pairs


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV that are not blank, each with the line that it begins in."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    line = 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise InvalidQuery(
            f"{path}:{line}: the row that begins here is not CSV ({error}). Close every quote, and "
            'write a quote inside of quotes twice: "".'
        ) from error


def _pair(columns: list[str], row: list[str]) -> Pair:
    """Raises InvalidQuery, without the place, when `row` is not a pair."""
    if len(row) < len(columns) or any(map(str.strip, row[len(columns) :])):
        raise InvalidQuery(
            f"has {len(row)} fields, the first line {len(columns)}. Give a value for every "
            "column, and put one that holds a comma in double quotes."
        )
    fields = dict(zip(columns, row, strict=False))
    if not fields["video"].strip():
        raise InvalidQuery("names no video. Give the video's path.")
    if not fields["caption"].strip():
        raise InvalidQuery("has no caption. Describe the video in a few words, or drop the line.")
    clean_text(fields["caption"])
    return Pair(fields["video"], fields["caption"])


def evaluate(
    engine: SearchEngine,
    pairs: Sequence[Pair],
    folder: Path,
    channels: Collection[str] = CHANNELS,
) -> Evaluation:
    """Rank videos by their best moment for each caption; relative names are below `folder`."""
    ranks: list[float] = []
    missing: set[str] = set()
    paths = engine.paths()
    for start in range(0, len(pairs), BATCH):
        batch = pairs[start : start + BATCH]
        ranked = engine.rank_videos([pair.caption for pair in batch], channels)
        for scores, pair in zip(ranked, batch, strict=True):
            target = _video_id(pair.video, folder, paths)
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


def _video_id(name: str, folder: Path, paths: dict[str, int]) -> int | None:
    beside = paths.get(full_path(name, folder) or "")
    if beside is not None:
        return beside
    try:
        return resolve_video(name, paths)
    except UnknownVideo:
        return None
