"""A stretch of a video: its pictures and its sound, without decoding all that is before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from fractions import Fraction
from functools import partial
from pathlib import Path

from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from indexer.errors import UndecodableVideo
from indexer.media.decoding import Decoding, Timed
from indexer.media.geometry import Geometry
from indexer.media.source import AnyPacket, Source

ROUNDING_S = 0.001
"""Containers round times to a millisecond: what appears that much later appears at the time."""
_MARGINS_S = (0.2, 10.0)
"""Key pictures are found by decoding time and may be shown a little late; then further back."""
_SOUND_LAG_S = 3.0
"""How far behind its picture in the file sound may lie."""

Way = Callable[[Source], Iterator[AnyPacket] | None]


class Excerpt:
    """Reads one stretch of one file, once.

    In what can be sought in, decoding starts at the key picture before it. A broadcast recording,
    whose times may jump, is read from its start, but decoded from that key picture on; all else
    (GIF, raw streams) is decoded from its start.
    """

    def __init__(self, path: Path, start_s: float, end_s: float) -> None:
        """Seconds from the start of the presentation, `start_s < end_s`."""
        self.path = path
        self.start_s = start_s
        self.end_s = end_s
        """Once it was read: the end of the video, if that is earlier."""
        self.problems: Counter[str] = Counter()
        """What was wrong, and how often; complete once it was read."""
        self.geometry = Geometry(None)
        self.rate: Fraction | None = None
        """How the pictures are shown, and how many a second; known from the first of them on."""

    def frames(self) -> Iterator[Timed]:
        """Pictures from the one on screen at `start_s` on, and the sound around them.

        Each with the second at which it starts, each kind in order. The first picture is later
        only where the video has none at `start_s`. Raises a MediaError.
        """
        for way in self._ways():
            is_last = way is Source.packets
            with closing(Source(self.path)) as source, closing(self._read(source, way)) as frames:
                beginning = _until_picture(frames)
                if not self._leads_there(beginning, is_last):
                    continue
                yield from beginning
                yield from frames
                return
        reason = f"no picture from {self.start_s:.2f} to {self.end_s:.2f} s can be decoded"
        raise UndecodableVideo(self.path, reason)

    def _ways(self) -> list[Way]:
        """How to get there, the fastest first; the last one always leads there."""
        times = [self.start_s - margin_s for margin_s in _MARGINS_S if self.start_s > margin_s]
        return [*(partial(Source.shortcut, time_s=time_s) for time_s in times), Source.packets]

    def _leads_there(self, beginning: list[Timed], is_last: bool) -> bool:
        if not beginning or isinstance(beginning[-1][1], AudioFrame):
            return False
        return is_last or beginning[-1][0] <= self.start_s + ROUNDING_S

    def _read(self, source: Source, way: Way) -> Generator[Timed, None, None]:
        """The frames that are wanted, or those of them that this way leads to."""
        packets = way(source)
        if packets is None:
            return
        self.geometry = Geometry(source.video.sample_aspect_ratio)
        self.rate = source.video.average_rate
        decoding = Decoding(source, packets)
        self.problems = decoding.problems
        yield from self._from_start(self._until_end(source, decoding.frames()))

    def _until_end(self, source: Source, frames: Iterator[Timed]) -> Iterator[Timed]:
        picture_done, sound_done = False, source.audio is None
        for time_s, frame in frames:
            if isinstance(frame, VideoFrame):
                picture_done = time_s >= self.end_s - ROUNDING_S
                wanted = not picture_done
            else:
                sound_done = time_s >= self.end_s
                wanted = self.start_s - _length_s(frame) < time_s < self.end_s
            if wanted:
                yield time_s, frame
            if picture_done and (sound_done or time_s >= self.end_s + _SOUND_LAG_S):
                return
        self._end_at(source.timeline.end_s)

    def _from_start(self, frames: Iterator[Timed]) -> Iterator[Timed]:
        """Leave out all pictures before the one on screen."""
        shown: Timed | None = None
        for time_s, frame in frames:
            if isinstance(frame, AudioFrame):
                yield time_s, frame
            elif time_s <= self.start_s + ROUNDING_S:
                shown = time_s, frame
            else:
                if shown:
                    yield shown
                    shown = None
                yield time_s, frame
        if shown:
            yield shown

    def _end_at(self, end_s: float) -> None:
        """The video is over; `end_s` is 0 when no picture was seen."""
        if 0 < end_s <= self.start_s:
            reason = f"ends at {end_s:.2f} s, and nothing after {self.start_s:.2f} s can be shown"
            raise UndecodableVideo(self.path, reason, "Choose an earlier moment.")
        if end_s > 0:
            self.end_s = min(self.end_s, end_s)


def _until_picture(frames: Iterator[Timed]) -> list[Timed]:
    """The frames up to the first picture."""
    found: list[Timed] = []
    for time_s, frame in frames:
        found.append((time_s, frame))
        if isinstance(frame, VideoFrame):
            break
    return found


def _length_s(frame: AudioFrame) -> float:
    return frame.samples / frame.sample_rate if frame.sample_rate else 0.0
