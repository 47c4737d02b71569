"""Clips whose every frame says which one it is, and where the real awkward files are.

A frame carries its index as a grid of dark and bright blocks, coarse enough to survive lossy
coding, turning and squashing; `read_index` gets it back from a picture of any size.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

GRID = 4
MAX_INDEX = 2 ** (GRID * GRID - 4) - 1
"""12 blocks for the number; the other 4 are the corners, which tell which way is up."""
_CORNERS = {(0, 0): 1, (0, GRID - 1): 0, (GRID - 1, 0): 0, (GRID - 1, GRID - 1): 0}


@dataclass(frozen=True)
class Clip:
    """What to write: one picture per entry of `times_s`, shown from that time on."""

    times_s: Sequence[float]
    codec: str = "libx264"
    width: int = 128
    height: int = 96
    pixel_format: str = "yuv420p"
    rate: Fraction = Fraction(30)
    time_base: Fraction = Fraction(1, 90000)
    options: dict[str, str] = field(default_factory=dict)
    container_options: dict[str, str] = field(default_factory=dict)
    rotation: int = 0
    """Counterclockwise quarter turns' degrees in the display matrix."""
    mirrored: bool = False
    key_every: int | None = None
    aspect: Fraction | None = None
    """Sample aspect ratio."""
    draw: Callable[[int, int, int], NDArray[np.uint8]] | None = None
    """(index, width, height) to an RGB picture; the numbered grid when None."""


def constant_rate(fps: Fraction | float, seconds: float) -> list[float]:
    """Times of `seconds` of video at `fps`."""
    exact = Fraction(fps)
    return [float(i / exact) for i in range(round(seconds * exact))]


def numbered_picture(index: int, width: int, height: int) -> NDArray[np.uint8]:
    """(height, width, 3) uint8: `index` as blocks."""
    cells = np.zeros((GRID, GRID), np.uint8)
    bits = iter(range(MAX_INDEX.bit_length()))
    for row in range(GRID):
        for column in range(GRID):
            corner = _CORNERS.get((row, column))
            cells[row, column] = index >> next(bits) & 1 if corner is None else corner
    rows = np.arange(height) * GRID // height
    columns = np.arange(width) * GRID // width
    gray = np.where(cells[rows][:, columns] == 1, 225, 30).astype(np.uint8)
    return np.repeat(gray[..., None], 3, axis=2)


def read_index(image: NDArray[np.uint8]) -> int:
    """The number in `image` (h, w, 3); -1 when the corners say that it is not upright."""
    height, width = image.shape[:2]
    index, bit = 0, 0
    for row in range(GRID):
        for column in range(GRID):
            y, x = (2 * row + 1) * height // (2 * GRID), (2 * column + 1) * width // (2 * GRID)
            patch = image[max(0, y - 2) : y + 3, max(0, x - 2) : x + 3]
            bright = int(patch.mean() > 127)
            corner = _CORNERS.get((row, column))
            if corner is None:
                index |= bright << bit
                bit += 1
            elif corner != bright:
                return -1
    return index


def write_clip(path: Path, clip: Clip) -> Path:
    """Encode `clip` to `path`, whose extension chooses the container."""
    with av.open(str(path), "w", container_options=clip.container_options) as container:
        stream = container.add_stream(clip.codec, rate=clip.rate, options=clip.options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = clip.width, clip.height
        stream.pix_fmt = clip.pixel_format
        stream.time_base = clip.time_base
        stream.codec_context.time_base = clip.time_base
        if clip.aspect:
            stream.codec_context.sample_aspect_ratio = clip.aspect
        if clip.rotation or clip.mirrored:
            stream.set_display_rotation(clip.rotation, hflip=clip.mirrored)
        draw = clip.draw or numbered_picture
        for index, time_s in enumerate(clip.times_s):
            frame = VideoFrame.from_ndarray(draw(index, clip.width, clip.height), format="rgb24")
            frame = frame.reformat(format=clip.pixel_format)
            frame.pts = round(time_s / clip.time_base)
            frame.time_base = clip.time_base
            if clip.key_every and index % clip.key_every == 0:
                frame.pict_type = PictureType.I
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def awkward_folder() -> Path:
    """The folder of real files that break players; skips the test where it is absent."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("VIDEOBERT_TEST_DATA", beside)) / "awkward_files"
    if not folder.is_dir():
        pytest.skip(f"the awkward files are not at {folder}; set VIDEOBERT_TEST_DATA")
    return folder
