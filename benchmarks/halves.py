"""How well one half of a video finds the other: by the clip, and by one picture of it.

python -m benchmarks.halves --data FOLDER

Of each captioned video of eight seconds and more the library holds the second half, written anew.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from benchmarks.aligned_clips import TruePart, write_parts
from benchmarks.command import run
from benchmarks.library import temporary_folder
from benchmarks.pooling import MeanPooling
from benchmarks.similar import found_videos
from benchmarks.table import Row, Section
from indexer.media.reader import open_video
from indexer.pipeline import index
from indexer.store.library import Library
from model.registry import load_encoder
from search.clip_reading import read_query_clip
from search.engine import SearchEngine
from search.picture_reading import read_query_picture

SHORTEST_S = 8.0
APART_S = 1.0
"""Left out between the halves, so that they share no picture."""
PICTURE_PX = 320
"""Side of the square that pictures are squashed to, as the encoder would."""

Way = Callable[[Path], list[str]]
"""From the first half to the names of the second ones, best first."""


def measure_halves(data: Path) -> Section:
    """R@1 and mean reciprocal rank of the other half."""
    encoder = load_encoder()
    with temporary_folder() as work:
        firsts = _cut(data / "captioned_videos", work)
        index(work / "library", [work / "second"], encoder)
        with (
            Library.open(work / "library") as library,
            SearchEngine.open(work / "library", encoder) as engine,
        ):
            means = MeanPooling(library)
            ways: dict[str, Way] = {
                "clip": lambda clip: found_videos(engine.search_clip(clip, 1000)),
                "clip, mean of the joint space": lambda clip: means.by_joint(
                    read_query_clip(clip, encoder).vector
                ),
                "clip, mean of the CNN": lambda clip: means.by_cnn(
                    read_query_clip(clip, encoder).tokens
                ),
                "picture": lambda clip: found_videos(engine.search_image(_middle(clip), 1000)),
                "picture, joint space": lambda clip: means.by_joint(
                    read_query_picture(_middle(clip), encoder).vector
                ),
            }
            rows = [row for name, way in ways.items() for row in _rows(name, way, firsts)]
    return Section("halves", f"python -m benchmarks.halves --data {data}", tuple(rows))


def _cut(folder: Path, work: Path) -> list[Path]:
    """Write the halves of each video into `work`, `first` and `second`; the first ones."""
    for half in ("first", "second"):
        (work / half).mkdir()
    with (folder / "captions.csv").open(encoding="utf-8", newline="") as file:
        lengths = {row["video"]: float(row["duration_s"]) for row in csv.DictReader(file)}
    firsts = []
    for video, length_s in sorted(lengths.items()):
        if length_s >= SHORTEST_S:
            before_s, after_s = (length_s - APART_S) / 2, (length_s + APART_S) / 2
            first = work / "first" / f"{Path(video).stem}.mp4"
            write_parts(folder, [TruePart(video, 0.0, before_s, 0.0)], first)
            second = [TruePart(video, after_s, length_s, 0.0)]
            write_parts(folder, second, work / "second" / first.name)
            firsts.append(first)
    return firsts


def _middle(clip: Path) -> bytes:
    """Its middle picture, as PNG."""
    with open_video(clip, size=PICTURE_PX) as reader:
        frames = list(reader.frames())
    shown = cv2.cvtColor(frames[len(frames) // 2].image, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".png", shown)[1].tobytes()


def _rows(name: str, way: Way, firsts: list[Path]) -> list[Row]:
    ranks = np.array([way(clip).index(clip.name) + 1 for clip in firsts])
    of = f"{len(firsts)} queries"
    return [
        Row(f"{name}: R@1", float((ranks == 1).mean()), remark=of),
        Row(f"{name}: mean reciprocal rank", float((1 / ranks).mean()), remark=of),
    ]


if __name__ == "__main__":
    run([measure_halves], __doc__)
