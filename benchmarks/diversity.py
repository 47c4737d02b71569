"""What `--diversity` gives and takes: how alike ten results are, and what is still found.

    python -m benchmarks.diversity --data FOLDER

On the captioned videos, by what is seen: the best 100 moments of each caption, arranged anew. The
likeness of a list is the mean cosine of all its pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.command import run
from benchmarks.library import captioned_library
from benchmarks.table import Row, Section
from indexer.captions import read_captions
from indexer.store.library import Library
from search.arranging import VARIED
from search.diversity import diversify
from search.engine import SearchEngine
from search.examples import vectors_at

DIVERSITIES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
SHOWN = 10

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class Answer:
    """The best moments for one caption."""

    videos: NDArray[np.int64]
    """(N,) ids."""
    scores: list[float]
    vectors: Float32
    """(N, dim) unit."""
    wanted: int
    """The caption's own video."""


def measure_diversity(data: Path) -> Section:
    """For each diversity the likeness of the first ten, and recall at 1 and 10."""
    answers = _answers(data)
    rows = tuple(row for diversity in DIVERSITIES for row in _rows(answers, diversity))
    return Section("diversity", f"python -m benchmarks.diversity --data {data}", rows)


def _answers(data: Path) -> list[Answer]:
    folder = data / "captioned_videos"
    with captioned_library(data) as (root, encoder), SearchEngine.open(root, encoder) as engine:
        captions, ids = read_captions(folder / "captions.csv"), engine.paths()
        results = engine.search_texts([one.text for one in captions], VARIED, ["picture"])
        library = Library.open(root, encoder=encoder.fingerprint)
        try:
            answers = []
            for caption, result in zip(captions, results, strict=True):
                found = result.moments
                places = [(one.video_id, (one.start_s + one.end_s) / 2) for one in found]
                videos = np.array([one.video_id for one in found])
                vectors = vectors_at(library, places)
                wanted = ids[str((folder / caption.video).resolve())]
                answers.append(Answer(videos, [one.score for one in found], vectors, wanted))
        finally:
            library.close()
    return answers


def _rows(answers: Sequence[Answer], diversity: float) -> tuple[Row, Row]:
    orders = [diversify(one.scores, one.vectors, SHOWN, diversity) for one in answers]
    likeness = [_likeness(a.vectors[order]) for a, order in zip(answers, orders, strict=True)]
    first, ten = (
        float(np.mean([a.wanted in a.videos[o[:k]] for a, o in zip(answers, orders, strict=True)]))
        for k in (1, SHOWN)
    )
    remark = f"R@1 {first:.3f}; {len(answers)} captions"
    return (
        Row(f"likeness at {diversity}", float(np.mean(likeness))),
        Row(f"R@10 at {diversity}", ten, remark=remark),
    )


def _likeness(vectors: Float32) -> float:
    """Mean cosine of all pairs of (K, dim), K at least 2."""
    return float((vectors @ vectors.T)[np.triu_indices(len(vectors), 1)].mean())


if __name__ == "__main__":
    run([measure_diversity], __doc__)
