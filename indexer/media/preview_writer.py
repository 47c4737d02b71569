"""An MP4 that every browser plays: H.264 and AAC, both starting at 0."""

from __future__ import annotations

import heapq
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from indexer.media.geometry import Geometry
from indexer.media.soundtrack import RATE_HZ, Samples

MAX_WIDTH, MAX_HEIGHT = 640, 1280
_TIME_BASE = Fraction(1, 90_000)
_USUAL_RATES = (Fraction(1), Fraction(120))
_BT709 = 1
# No B frames: then the first picture is at 0 without an edit list, which not all players honour.
_OPTIONS = {"preset": "veryfast", "crf": "23", "bf": "0", "g": "60", "profile": "high"}
_SOUND_CHUNK = 1024
_SOUND_BIT_RATE = 96_000

AnyPacket: TypeAlias = "Packet[Any]"


class PreviewWriter:
    """Pictures go in as they come, all sound at the end; the file is written by `finish`.

    What is compressed waits in memory: some 20 MB for the longest stretch. Raises OSError when
    the file cannot be written.
    """

    def __init__(self, path: Path, geometry: Geometry, rate: Fraction | None) -> None:
        """`rate` is about how many pictures come a second."""
        self._output = av.open(
            f"file:{path}", "w", format="mp4", options={"movflags": "+faststart"}
        )
        self._geometry = geometry
        self._rate = min(max(rate or Fraction(25), _USUAL_RATES[0]), _USUAL_RATES[1])
        self._stream: VideoStream | None = None
        self._ticks: list[int] = []
        self._packets: list[AnyPacket] = []
        self._shrinker, self._converter = VideoReformatter(), VideoReformatter()

    def close(self) -> None:
        """Close the file, finished or not."""
        self._output.close()

    def add(self, time_s: float, picture: VideoFrame) -> None:
        """The next picture, shown from `time_s` on; the first one from 0 on."""
        ticks = round(time_s / _TIME_BASE) if self._ticks else 0
        if self._ticks and ticks <= self._ticks[-1]:
            return
        if self._stream is None:
            self._stream = self._new_stream(self._geometry.shown_size(picture))
        frame = self._converted(picture, self._stream)
        frame.pts, frame.time_base = ticks, _TIME_BASE
        self._ticks.append(ticks)
        self._packets += self._stream.encode(frame)

    def finish(self, end_s: float, sound: Samples | None) -> None:
        """Write all: the last picture stays until `end_s`; `sound` (2, n) at 48 kHz."""
        assert self._stream is not None, "no picture was added"
        self._packets += self._stream.encode(None)
        ends = [*self._ticks[1:], max(round(end_s / _TIME_BASE), self._ticks[-1] + 1)]
        for packet, ticks, end in zip(self._packets, self._ticks, ends, strict=True):
            packet.duration = end - ticks
        heard = [] if sound is None else self._encoded(sound)
        for packet in heapq.merge(self._packets, heard, key=_seconds):
            self._output.mux(packet)

    def _new_stream(self, shown_size: tuple[int, int]) -> VideoStream:
        stream = self._output.add_stream("libx264", rate=self._rate, options=_OPTIONS)
        assert isinstance(stream, VideoStream)
        context = stream.codec_context
        stream.width, stream.height = _fitted(*shown_size)
        stream.pix_fmt = "yuv420p"
        stream.time_base = context.time_base = _TIME_BASE
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = ColorRange.MPEG
        return stream

    def _converted(self, picture: VideoFrame, stream: VideoStream) -> VideoFrame:
        """`picture` upright, small, and in the colours of a browser's video."""
        orientation = self._geometry.orientation(picture)
        size = stream.width, stream.height
        width, height = size[::-1] if orientation.swaps_sides else size
        small = self._shrinker.reformat(
            picture, width=width, height=height, format="rgb24", interpolation=Interpolation.AREA
        )
        upright = orientation.apply(small.to_ndarray().astype(np.uint8, copy=False))
        return self._converter.reformat(
            VideoFrame.from_ndarray(upright, format="rgb24"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
        )

    def _encoded(self, sound: Samples) -> list[AnyPacket]:
        stream = self._output.add_stream("aac", rate=RATE_HZ)
        assert isinstance(stream, AudioStream)
        stream.codec_context.layout = "stereo"
        stream.codec_context.bit_rate = _SOUND_BIT_RATE
        packets: list[AnyPacket] = []
        for begin in range(0, sound.shape[1], _SOUND_CHUNK):
            chunk = np.ascontiguousarray(sound[:, begin : begin + _SOUND_CHUNK])
            frame = AudioFrame.from_ndarray(chunk, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, begin, Fraction(1, RATE_HZ)
            packets += stream.encode(frame)
        return packets + stream.encode(None)


def _fitted(width: int, height: int) -> tuple[int, int]:
    """The size to write, even on both sides as H.264 wants it."""
    scale = min(1.0, MAX_WIDTH / width, MAX_HEIGHT / height)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def _seconds(packet: AnyPacket) -> float:
    return float((packet.dts or 0) * packet.time_base)
