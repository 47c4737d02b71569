"""Videos of plain colours, for the encoder that sees nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from indexer import pipeline
from indexer.report import Report
from model.encoder import UInt8
from tests.conftest import COLOURS, ColourEncoder
from tests.synthetic import Clip, constant_rate, write_clip

FPS = 4


def write_colours(path: Path, *colours: str, seconds: float = 3.0) -> Path:
    """A video that shows each of `colours` for `seconds`."""
    frames = round(seconds * FPS)

    def draw(index: int, width: int, height: int) -> UInt8:
        rgb = np.array(COLOURS[colours[index // frames]], np.uint8) * 250
        return np.broadcast_to(rgb, (height, width, 3)).copy()

    write_clip(
        path, Clip(constant_rate(FPS, seconds * len(colours)), draw=draw, width=64, height=48)
    )
    return path


def index_folder(library: Path, videos: Path, encoder: ColourEncoder) -> Report:
    """Index `videos`; nothing may fail."""
    report = pipeline.index(library, [videos], encoder)
    assert report.ok, report.summary()
    return report
