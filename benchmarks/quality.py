"""How well captions find their videos: `videobert evaluate` on the captioned videos.

python -m benchmarks.quality --data FOLDER
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.command import run
from benchmarks.library import captioned_library
from benchmarks.table import Row, Section
from search.engine import SearchEngine
from search.evaluation import evaluate, read_pairs


def measure_quality(data: Path) -> Section:
    """Recall and median rank, text to video."""
    videos = data / "captioned_videos"
    pairs = read_pairs(videos / "captions.csv")
    with (
        captioned_library(data) as (library, encoder),
        SearchEngine.open(library, encoder) as engine,
    ):
        found = evaluate(engine, pairs, videos)
        held = engine.counts()["videos"]
    remark = f"tuning set: {found.queries} captions, {held} videos, {len(found.missing)} missing"
    rows = (
        Row("R@1", found.r1, remark=remark),
        Row("R@5", found.r5),
        Row("R@10", found.r10),
        Row("median rank", found.median_rank),
    )
    return Section("quality", f"python -m benchmarks.quality --data {data}", rows)


if __name__ == "__main__":
    run([measure_quality], __doc__)
