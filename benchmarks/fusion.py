"""What each channel finds alone, and what all of them find together.

    python -m benchmarks.fusion --data FOLDER

Forty questions of the narrated videos (narrated_queries.csv, written from pictures and subtitles
before anything was searched): twenty that only what is said answers, twenty that only what is seen
does. The names of these files say nothing, so that channel is left out. On-screen text is a channel
of its own. Calibrated fusion is the search's; reciprocal ranks (Cormack et al. 2009) stand beside.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.command import run
from benchmarks.library import temporary_folder
from benchmarks.table import Row, Section
from indexer.pipeline import index
from model.registry import load_encoder
from search.engine import SearchEngine

QUERIES = Path(__file__).with_name("narrated_queries.csv")
TOP = 5
RANK_OFFSET = 60
"""Of reciprocal rank fusion, as published."""
CHANNELS: dict[str, list[str]] = {
    "picture": ["picture"],
    "speech": ["speech"],
    "picture + speech": ["picture", "speech"],
    "picture + speech + screen": ["picture", "speech", "screen"],
}

Scores = Mapping[int, float]


@dataclass(frozen=True)
class Question:
    """A query, the video that answers it, and by what."""

    video: int
    text: str
    answered_by: str


def measure_fusion(data: Path) -> Section:
    """Recall at 5 and at 1 of both halves, by channels."""
    videos = data / "narrated_videos"
    with temporary_folder() as folder:
        index(folder, [videos], load_encoder())
        with SearchEngine.open(folder) as engine:
            questions = _questions(engine, videos)
            rows = [
                row
                for name, names in CHANNELS.items()
                for row in _recalls(name, questions, _ranker(engine, names))
            ]
            rows += _recalls("reciprocal ranks of picture, speech", questions, _by_ranks(engine))
    return Section("fusion", f"python -m benchmarks.fusion --data {data}", tuple(rows))


def _questions(engine: SearchEngine, videos: Path) -> list[Question]:
    ids = engine.paths()
    with QUERIES.open(newline="") as file:
        return [
            Question(ids[str((videos / row["video"]).resolve())], row["query"], row["answered_by"])
            for row in csv.DictReader(file)
        ]


def _ranker(engine: SearchEngine, channels: list[str]) -> Callable[[str], Scores]:
    return lambda text: engine.rank_videos([text], channels)[0]


def _by_ranks(engine: SearchEngine) -> Callable[[str], Scores]:
    rankings = [_ranker(engine, ["picture"]), _ranker(engine, ["speech"])]

    def fused(text: str) -> Scores:
        scores: dict[int, float] = {}
        for ranking in rankings:
            found = ranking(text)
            for place, video in enumerate(sorted(found, key=lambda v: -found[v]), start=1):
                scores[video] = scores.get(video, 0.0) + 1 / (RANK_OFFSET + place)
        return scores

    return fused


def _recalls(name: str, questions: Iterable[Question], rank: Callable[[str], Scores]) -> list[Row]:
    """R@5 of each half, R@1 in the remark."""
    places: dict[str, list[float]] = {}
    for question in questions:
        scores = rank(question.text)
        own = scores.get(question.video)
        place = float("inf") if own is None else sum(s >= own for s in scores.values())
        places.setdefault(question.answered_by, []).append(place)
    return [
        Row(
            f"{name}, answered by {half}: R@{TOP}",
            sum(place <= TOP for place in found) / len(found),
            remark=f"R@1 {sum(place <= 1 for place in found) / len(found):.2f}, n={len(found)}",
        )
        for half, found in places.items()
    ]


if __name__ == "__main__":
    run([measure_fusion], __doc__)
