"""Reads an uploaded clip once: its frames and its fingerprint."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.copies.pictures import Shades
from indexer.media.isolation import CLIP_FRAMES, DecodeJob, DecoderPool, Failed, Finished, Frames
from indexer.media.parts import FINGERPRINT


@dataclass(frozen=True)
class ClipReading:
    """The first two minutes of a clip."""

    times_s: NDArray[np.float64]
    images: NDArray[np.uint8]
    """(n, size, size, 3) RGB."""
    duration_s: float
    shades: Shades | None
    """(cells, 144), see `indexer.media.fingerprint.decode`; None where there is none."""


def read_query_clip(path: Path, size: int) -> ClipReading:
    """Decode `path` in a process of its own. Raises a MediaError."""
    from indexer.media.fingerprint import decode

    times: list[NDArray[np.float64]] = []
    images: list[NDArray[np.uint8]] = []
    job = DecodeJob(path, frame_limit=CLIP_FRAMES, parts=(FINGERPRINT,))
    with DecoderPool(size=size, workers=1) as pool:
        for event in pool.decode([job]):
            if isinstance(event, Failed):
                raise event.error
            if isinstance(event, Finished):
                text = event.reading.fingerprint
                shades = None if text is None else decode(text)
                pictures = np.concatenate(images)
                return ClipReading(np.concatenate(times), pictures, event.info.duration_s, shades)
            if isinstance(event, Frames):
                times.append(event.times_s)
                images.append(event.images)
    raise AssertionError("a job ends in Finished or Failed")
