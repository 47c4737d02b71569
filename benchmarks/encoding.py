"""How fast the encoder is without decoding.

python -m benchmarks.encoding --data FOLDER
"""

from __future__ import annotations

import statistics
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.command import run
from benchmarks.table import Row, Section
from benchmarks.timing import wall_s
from indexer.media.discovery import FoundVideo, find_videos
from indexer.media.reader import open_video
from model.encoder import Encoder, UInt8
from model.registry import load_encoder

FRAMES = 128
_REPEATS = 5


def frames_per_second(videos: Path, encoder: Encoder) -> Row:
    """Frames a second through the frame network, of frames that lie in memory."""
    frames = _frames(videos, encoder.frame_size)
    encoder.frame_features(frames[:16])  # loads the weights
    seconds = statistics.median(
        wall_s(lambda: encoder.frame_features(frames)) for _ in range(_REPEATS)
    )
    remark = f"{len(frames)} frames, median of {_REPEATS}"
    return Row("encoder alone", len(frames) / seconds, "frames/s", remark)


def measure_encoding(data: Path) -> Section:
    """The encoder's speed as a table of its own."""
    row = frames_per_second(data / "captioned_videos", load_encoder())
    return Section("encoding", f"python -m benchmarks.encoding --data {data}", (row,))


def _frames(videos: Path, size: int) -> UInt8:
    """The first frames of the folder, up to `FRAMES`: (N, size, size, 3)."""
    images: list[UInt8] = []
    for found in find_videos(videos):
        if isinstance(found, FoundVideo) and len(images) < FRAMES:
            with open_video(found.path, size=size) as reader:
                images += [frame.image for frame in islice(reader.frames(), FRAMES - len(images))]
    return np.stack(images)


if __name__ == "__main__":
    run([measure_encoding], __doc__)
