"""Clips cut out of videos and joined, written anew: what is where in them is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from indexer.media.excerpt import Excerpt

WIDTH, HEIGHT, FPS = 320, 240, 25
_TIME_BASE = Fraction(1, 1000)

Cut = tuple[str, float, float]
"""File, start and end in seconds."""


@dataclass(frozen=True)
class TruePart:
    """Seconds of a video that a made clip shows from `clip_start_s` on."""

    video: str
    """Name of its file."""
    start_s: float
    end_s: float
    clip_start_s: float

    @property
    def clip_end_s(self) -> float:
        return self.clip_start_s + self.end_s - self.start_s

    @property
    def offset_s(self) -> float:
        """Where the clip would begin in the video."""
        return self.start_s - self.clip_start_s


def joined(cuts: Sequence[Cut]) -> list[TruePart]:
    """The parts of a clip that shows these cuts one after the other."""
    parts, clip_s = [], 0.0
    for video, start_s, end_s in cuts:
        parts.append(TruePart(video, start_s, end_s, clip_s))
        clip_s += end_s - start_s
    return parts


def write_parts(folder: Path, parts: Sequence[TruePart], target: Path) -> Path:
    """Write them to `target`: H.264 of middling quality, squashed to 320 x 240, silent."""
    with av.open(str(target), "w") as output:
        stream = output.add_stream("libx264", rate=FPS, options={"crf": "28"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = _TIME_BASE
        last = -1
        for time_s, picture in _pictures(folder, parts):
            ticks = round(time_s / _TIME_BASE)
            if ticks <= last:
                continue
            picture.pts, picture.time_base, last = ticks, _TIME_BASE, ticks
            output.mux(stream.encode(picture))
        output.mux(stream.encode(None))
    return target


def _pictures(folder: Path, parts: Sequence[TruePart]) -> Iterator[tuple[float, VideoFrame]]:
    """What is shown from which second of the clip on."""
    for part in parts:
        excerpt = Excerpt(folder / part.video, part.start_s, part.end_s)
        for time_s, frame in excerpt.frames():
            if isinstance(frame, AudioFrame):
                continue
            small = frame.reformat(WIDTH, HEIGHT, "rgb24").to_ndarray()
            upright = excerpt.geometry.orientation(frame).apply(small.astype(np.uint8))
            shown = VideoFrame.from_ndarray(upright, "rgb24").reformat(WIDTH, HEIGHT, "yuv420p")
            yield max(0.0, time_s - part.start_s) + part.clip_start_s, shown
