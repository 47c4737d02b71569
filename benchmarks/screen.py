"""On-screen text: errors on rendered text, and what reading it costs on real clips.

python -m benchmarks.screen --data FOLDER
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.command import run
from benchmarks.rendered_text import HEIGHT_PX, WIDTH_PX, Rendering, error_rates, pictures
from benchmarks.table import Row, Section
from indexer.errors import MediaError
from indexer.media.discovery import FoundVideo, find_videos
from indexer.media.orientation import Orientation
from indexer.media.pyav import PyavReader
from indexer.media.screen.reader import RapidReader
from indexer.media.screen.recorder import ScreenRecorder
from model.encoder import Encoder
from model.registry import load_encoder

RENDERINGS = (
    Rendering("base: 5 % high, white, outlined, over footage"),
    Rendering("2 % high", height=0.02),
    Rendering("3 % high", height=0.03),
    Rendering("8 % high, no outline", height=0.08, outlined=False),
    Rendering("still picture", moving=False),
    Rendering("no outline", outlined=False),
    Rendering("grey 90 on 30", plain=30, colour=90, outlined=False),
    Rendering("grey 60 on 30", plain=30, colour=60, outlined=False),
    Rendering("black on white", plain=255, colour=0, outlined=False),
    Rendering("serif", font="DejaVuSerif"),
    Rendering("typewriter", font="DejaVuSansMono"),
    Rendering("bold", font="DejaVuSans-Bold"),
    Rendering("book face", font="cmr10"),
    Rendering("italic", font="STIXGeneralItalic"),
)
FOOTAGE = (
    "captioned_videos/cbvr__butterfly.mp4",
    "captioned_videos/cbvr__flower.mp4",
    "narrated_videos/0J7UPHL08fU-Scene-018.mp4",
)
"""In HD, without text."""
T = TypeVar("T")


@dataclass
class Meter:
    """A `TextReader` that counts pictures and lines, and takes CPU seconds."""

    reader: RapidReader = field(default_factory=RapidReader)
    found: int = 0
    read_pictures: int = 0
    read_lines: int = 0
    find_s: float = 0.0
    read_s: float = 0.0

    def find(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.found += 1
        corners, spent_s = cpu_s(lambda: self.reader.find(image))
        self.find_s += spent_s
        return corners

    def read(
        self, image: NDArray[np.uint8], corners: NDArray[np.float32]
    ) -> list[tuple[str, float]]:
        self.read_pictures += len(corners) > 0
        self.read_lines += len(corners)
        readings, spent_s = cpu_s(lambda: self.reader.read(image, corners))
        self.read_s += spent_s
        return readings


@dataclass
class Cost:
    """CPU seconds of one folder."""

    frames: int = 0
    video_s: float = 0.0
    decode_s: float = 0.0
    screen_s: float = 0.0
    encode_s: float = 0.0
    spans: int = 0


def measure_screen(data: Path) -> Section:
    """Error rates on rendered text; shares, times and cost on the two folders of real clips."""
    rows = [row for rendering in RENDERINGS for row in _error_rows(rendering, data)]
    encoder = load_encoder()
    for folder in ("narrated_videos", "captioned_videos"):
        rows += _cost_rows(data / folder, encoder)
    return Section("on-screen text", f"python -m benchmarks.screen --data {data}", tuple(rows))


def cpu_s(work: Callable[[], T]) -> tuple[T, float]:
    """The result of `work` and the CPU seconds of all threads that it took."""
    started_s = time.process_time()
    result = work()
    return result, time.process_time() - started_s


def _error_rows(rendering: Rendering, data: Path) -> list[Row]:
    reader = Meter()
    rates, frames = [], 0
    for footage in FOOTAGE:
        recorder = ScreenRecorder(reader, shown_size=(WIDTH_PX, HEIGHT_PX))
        time_s = 0.0
        for time_s, picture in pictures(rendering, data / footage):
            recorder.add(time_s, picture, Orientation())
            frames += 1
        rates.append(error_rates(recorder.finish(time_s + 0.5)))
    letters, words = np.mean(rates, axis=0)
    remark = f"{frames} pictures, {reader.found} searched, {reader.read_lines} lines read"
    return [
        Row(f"{rendering.name}, characters wrong", 100 * float(letters), "%", remark),
        Row(f"{rendering.name}, words wrong", 100 * float(words), "%"),
    ]


def _cost_rows(folder: Path, encoder: Encoder) -> list[Row]:
    meter, cost = Meter(), Cost()
    meter.find(np.zeros((64, 64, 3), np.uint8))  # loads the networks
    meter.found, meter.find_s = 0, 0.0
    encoder.frame_features(np.zeros((1, encoder.frame_size, encoder.frame_size, 3), np.uint8))
    for found in find_videos(folder):
        if isinstance(found, FoundVideo):
            _measure_file(found.path, meter, cost, encoder)
    return _rows(folder.name, meter, cost)


def _measure_file(path: Path, meter: Meter, cost: Cost, encoder: Encoder) -> None:
    started_s = time.process_time()
    before_s = cost.screen_s
    images = []
    recorder: ScreenRecorder | None = None
    try:
        with PyavReader(path, size=encoder.frame_size) as reader:
            for time_s, picture in reader.pictures():
                images.append(reader.squash(picture))
                begun_s = time.process_time()
                recorder = recorder or ScreenRecorder(meter, shown_size=reader.shown_size())
                recorder.add(time_s, picture, reader.orientation(picture))
                cost.screen_s += time.process_time() - begun_s
            duration_s = reader.info().duration_s
    except MediaError as error:
        print(error)
        return
    assert recorder is not None
    cost.spans += len(recorder.finish(duration_s))
    cost.decode_s += time.process_time() - started_s - (cost.screen_s - before_s)
    cost.encode_s += cpu_s(lambda: encoder.frame_features(np.stack(images)))[1]
    cost.frames += len(images)
    cost.video_s += duration_s


def _rows(name: str, meter: Meter, cost: Cost) -> list[Row]:
    frames, video_s = cost.frames, cost.video_s
    look_s = cost.screen_s - meter.find_s - meter.read_s
    without_s = cost.decode_s + cost.encode_s
    lines = max(1, meter.read_lines)
    return [
        Row(f"{name}, spans found", cost.spans, remark=f"in {video_s:.0f} s of video"),
        Row(f"{name}, reach the detector", 100 * meter.found / frames, "%", f"of {frames}"),
        Row(f"{name}, reach the recogniser", 100 * meter.read_pictures / frames, "%"),
        Row(f"{name}, look at strokes", 1000 * look_s / frames, "ms", "CPU, each picture"),
        Row(f"{name}, detector", 1000 * meter.find_s / max(1, meter.found), "ms", "each it sees"),
        Row(f"{name}, recogniser", 1000 * meter.read_s / lines, "ms", f"each of {lines} lines"),
        Row(f"{name}, screen text", 1000 * cost.screen_s / video_s, "ms", "CPU, second of video"),
        Row(f"{name}, decode and encode", 1000 * without_s / video_s, "ms", "CPU, the same"),
        Row(f"{name}, cost with it", (without_s + cost.screen_s) / without_s, "x", "CPU"),
    ]


if __name__ == "__main__":
    run([measure_screen], __doc__)
