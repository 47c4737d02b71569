"""A stretch of a video, decoded and encoded again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from indexer.media.cut_plan import LONG_S
from indexer.media.cut_writer import CutWriter
from indexer.media.excerpt import ROUNDING_S, Excerpt


@dataclass(frozen=True)
class Encoded:
    """What became of a stretch."""

    start_s: float
    end_s: float
    problems: dict[str, int]
    """What was wrong with the file, and how often."""


def encode(source: Path, target: Path, start_s: float, end_s: float) -> Encoded:
    """Write the stretch as an MP4. Raises a MediaError for `source`, OSError for `target`."""
    excerpt = Excerpt(source, start_s, end_s)
    recorder = _Recorder(target, excerpt)
    try:
        for time_s, frame in excerpt.frames():
            if isinstance(frame, AudioFrame):
                recorder.hear(time_s, frame)
            else:
                recorder.see(time_s, frame)
        return recorder.finish()
    finally:
        recorder.close()


class _Recorder:
    """Finds the picture that is the first, and gives all that follows its time from there."""

    def __init__(self, target: Path, excerpt: Excerpt) -> None:
        self._target, self._excerpt = target, excerpt
        self._standing: VideoFrame | None = None
        self._waiting: list[tuple[float, AudioFrame]] = []
        self._writer: CutWriter | None = None
        self._origin_s = excerpt.start_s

    def hear(self, time_s: float, frame: AudioFrame) -> None:
        if self._writer is None:
            self._waiting.append((time_s, frame))
        else:
            self._writer.add_sound(time_s - self._origin_s, frame)

    def see(self, time_s: float, picture: VideoFrame) -> None:
        if time_s < self._excerpt.start_s - ROUNDING_S:
            self._standing = picture
            return
        if self._writer is None:
            late = time_s > self._excerpt.start_s + LONG_S
            self._begin(None if late and self._standing else time_s)
        assert self._writer is not None
        self._writer.add_picture(time_s - self._origin_s, picture)

    def finish(self) -> Encoded:
        if self._writer is None:
            self._begin(None)
        assert self._writer is not None
        end_s = self._excerpt.end_s
        self._writer.finish(end_s - self._origin_s)
        damaged = Counter({"sound frame that cannot be used": self._writer.damaged})
        problems = {what: n for what, n in (self._excerpt.problems | damaged).items() if n}
        return Encoded(self._origin_s, end_s, problems)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()

    def _begin(self, time_s: float | None) -> None:
        """With the picture at `time_s`; None: with the one that stands at the start."""
        excerpt = self._excerpt
        self._origin_s = excerpt.start_s if time_s is None else time_s
        length_s = excerpt.end_s - self._origin_s
        self._writer = CutWriter(self._target, excerpt, length_s)
        if time_s is None:
            assert self._standing is not None, "an excerpt has a picture, or raises"
            self._writer.add_picture(0.0, self._standing)
        self._standing = None
        for heard_s, frame in self._waiting:
            self._writer.add_sound(heard_s - self._origin_s, frame)
        self._waiting.clear()
