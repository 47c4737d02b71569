"""Whether moments are right as often as their scores say: the reliability diagram of the docs.

    python -m benchmarks.calibration --data FOLDER

The ten best moments for each caption of the captioned videos, and for each question of the narrated
ones (narrated_queries.csv); right is a moment of the video that the question was written of. Others
may answer as well, so the truth is somewhat better than the diagram. Draws docs/calibration.svg.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.command import run
from benchmarks.library import captioned_library, temporary_folder
from benchmarks.reliability import Bin, bins_of, brier, draw, error
from benchmarks.table import Row, Section
from indexer.pipeline import index
from model.registry import load_encoder
from search.engine import SearchEngine
from search.evaluation import read_pairs

DIAGRAM = Path(__file__).parent.parent / "docs" / "calibration.svg"
QUERIES = Path(__file__).with_name("narrated_queries.csv")
MOMENTS = 10

Float64 = NDArray[np.float64]


def measure_calibration(data: Path) -> Section:
    """Expected calibration error and Brier score of both libraries."""
    rows: list[Row] = []
    lines: dict[str, list[Bin]] = {}
    for name, (scores, right) in {
        "captioned": _captioned(data),
        "narrated": _narrated(data),
    }.items():
        lines[name] = bins_of(scores, right)
        remark = f"{len(scores)} moments, {int(right.sum())} right"
        rows += [
            Row(f"{name}: expected calibration error", error(lines[name]), remark=remark),
            Row(f"{name}: Brier score", brier(scores, right)),
            Row(f"{name}: Brier score of the base rate", brier(right.mean() + 0 * scores, right)),
        ]
    DIAGRAM.write_text(draw(lines), "utf-8")
    return Section("calibration", f"python -m benchmarks.calibration --data {data}", tuple(rows))


def _captioned(data: Path) -> tuple[Float64, Float64]:
    folder = data / "captioned_videos"
    pairs = [(one.text, folder / one.video) for one in read_pairs(folder / "captions.csv")]
    with (
        captioned_library(data) as (library, encoder),
        SearchEngine.open(library, encoder) as engine,
    ):
        return _asked(engine, pairs)


def _narrated(data: Path) -> tuple[Float64, Float64]:
    folder, encoder = data / "narrated_videos", load_encoder()
    with QUERIES.open(newline="") as file:
        pairs = [(row["query"], folder / row["video"]) for row in csv.DictReader(file)]
    with temporary_folder() as library:
        index(library, [folder], encoder)
        with SearchEngine.open(library, encoder) as engine:
            return _asked(engine, pairs)


def _asked(engine: SearchEngine, pairs: Iterable[tuple[str, Path]]) -> tuple[Float64, Float64]:
    """Scores of moments, and 1 for those of the right video, else 0."""
    pairs = list(pairs)
    results = engine.search_texts([text for text, _ in pairs], MOMENTS)
    found = [
        (moment.score, moment.video == str(video.resolve()))
        for result, (_, video) in zip(results, pairs, strict=True)
        for moment in result.moments
    ]
    scores, right = np.array(found, np.float64).T
    return scores, right


if __name__ == "__main__":
    run([measure_calibration], __doc__)
