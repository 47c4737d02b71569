"""How well a clip finds its copies, its phone recordings, and other cuts of the same source.

python -m benchmarks.similar --data FOLDER
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.command import run
from benchmarks.library import temporary_folder
from benchmarks.table import Row, Section
from indexer.pipeline import index
from model.registry import load_encoder
from search.engine import SearchEngine


@dataclass(frozen=True)
class Member:
    """A video of a group that has one source; `relation` says how it came of it."""

    video: str
    group: str
    relation: str


def measure_similar(data: Path) -> Section:
    """Mean average precision over all queries, and R@1 by relation. A query is not its own hit."""
    folder = data / "similar_videos"
    members = _members(folder / "groups.csv")
    rankings = _rankings(folder, members)
    precisions, firsts = [], defaultdict(list)
    for member in members:
        wanted = {m.video for m in members if m.group == member.group} - {member.video}
        if wanted:
            ranking = rankings[member.video]
            precisions.append(average_precision(ranking, wanted))
            firsts[member.relation].append(ranking[0] in wanted)
    rows = [Row("mAP", float(np.mean(precisions)), remark=f"{len(precisions)} queries")]
    rows += [
        Row(f"R@1, {relation}", float(np.mean(hits)), remark=f"{len(hits)} queries")
        for relation, hits in sorted(firsts.items())
    ]
    return Section("similar clips", f"python -m benchmarks.similar --data {data}", tuple(rows))


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


def _rankings(folder: Path, members: list[Member]) -> dict[str, list[str]]:
    """For each video the others, best moment first."""
    encoder = load_encoder()
    with temporary_folder() as library:
        index(library, [folder], encoder)
        with SearchEngine.open(library, encoder) as engine:
            return {m.video: _others(engine, folder / m.video) for m in members}


def _others(engine: SearchEngine, path: Path) -> list[str]:
    """Near copies are named beside the moment that they are copies of, and count right after it."""
    found: list[str] = []
    for moment in engine.search_clip(path, 1000).moments:
        found += (Path(video).name for video in (moment.video, *(c.video for c in moment.copies)))
    return [name for name in dict.fromkeys(found) if name != path.name]


if __name__ == "__main__":
    run([measure_similar], __doc__)
