"""How well a clip finds its copies, its phone recordings, and other cuts of the same source.

python -m benchmarks.similar --data FOLDER
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.command import run
from benchmarks.library import temporary_folder
from benchmarks.pooling import MeanPooling
from benchmarks.table import Row, Section
from indexer.pipeline import index
from indexer.store.library import Library
from model.registry import load_encoder
from search.clip_reading import read_query_clip
from search.engine import SearchEngine
from search.results import SearchResult


@dataclass(frozen=True)
class Member:
    """A video of a group that has one source; `relation` says how it came of it."""

    video: str
    group: str
    relation: str


Way = Callable[[Path], list[str]]
"""From a clip to the names of the library's videos, best first."""


def measure_similar(data: Path) -> Section:
    """Mean average precision over all queries, and R@1 by relation. A query is not its own hit."""
    folder = data / "similar_videos"
    members = _members(folder / "groups.csv")
    encoder = load_encoder()
    with temporary_folder() as root:
        index(root, [folder], encoder)
        with Library.open(root) as library, SearchEngine.open(root, encoder) as engine:
            means = MeanPooling(library)
            ways: dict[str, Way] = {
                "part by part": lambda clip: found_videos(engine.search_clip(clip, 1000)),
                "mean of the joint space": lambda clip: means.by_joint(
                    read_query_clip(clip, encoder).vector
                ),
                "mean of the CNN": lambda clip: means.by_cnn(read_query_clip(clip, encoder).tokens),
            }
            rows = [row for name, way in ways.items() for row in _rows(name, way, folder, members)]
    return Section("similar clips", f"python -m benchmarks.similar --data {data}", tuple(rows))


def _rows(name: str, way: Way, folder: Path, members: Sequence[Member]) -> list[Row]:
    precisions, firsts = [], defaultdict(list)
    for member in members:
        wanted = {m.video for m in members if m.group == member.group} - {member.video}
        if wanted:
            ranking = [video for video in way(folder / member.video) if video != member.video]
            precisions.append(average_precision(ranking, wanted))
            firsts[member.relation].append(ranking[0] in wanted)
    rows = [Row(f"{name}: mAP", float(np.mean(precisions)), remark=f"{len(precisions)} queries")]
    return rows + [
        Row(f"{name}: R@1, {relation}", float(np.mean(hits)), remark=f"{len(hits)} queries")
        for relation, hits in sorted(firsts.items())
    ]


def average_precision(ranking: list[str], wanted: set[str]) -> float:
    """Mean of the precision at each wanted video; one that is not ranked counts 0."""
    found = 0
    total = 0.0
    for rank, video in enumerate(ranking, 1):
        if video in wanted:
            found += 1
            total += found / rank
    return total / len(wanted)


def _members(path: Path) -> list[Member]:
    with path.open(encoding="utf-8", newline="") as file:
        return [Member(**row) for row in csv.DictReader(file)]


def found_videos(result: SearchResult) -> list[str]:
    """Names, best first. Near copies are named beside the moment that they are copies of, and
    count right after it."""
    found: list[str] = []
    for moment in result.moments:
        found += (Path(video).name for video in (moment.video, *(c.video for c in moment.copies)))
    return list(dict.fromkeys(found))


if __name__ == "__main__":
    run([measure_similar], __doc__)
