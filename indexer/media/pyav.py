"""The video reader on FFmpeg's libraries, by way of PyAV."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from os import PathLike

import av.error
import numpy as np
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from indexer.closing import Closing
from indexer.errors import DecodeMemoryExceeded, UndecodableVideo, UnreadableFile
from indexer.media.clock import timeline_of
from indexer.media.container import (
    MAX_PIXELS,
    choose_stream,
    encrypted,
    is_encrypted,
    open_container,
)
from indexer.media.geometry import Geometry
from indexer.media.keyframes import PLANNED_CODECS, SKIPPING_CODECS, restarts
from indexer.media.orientation import Orientation
from indexer.media.reader import Frame, VideoInfo
from indexer.media.sampling import CellSampler, PacketPlanner

_INDEXED_FORMATS = frozenset({"mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "flv"})
"""Containers that give each picture its presentation time, without jumps."""
_US = 1_000_000
_LONGEST_S = 7 * 86400.0
"""What is said to be shown a week after the start has a damaged timestamp."""


class PyavReader(Closing):
    """Samples one file; see `VideoReader`.

    `skip=False` decodes every picture, for checking; `on_progress` is called after each packet.
    `on_coded` is told of each coded picture in decoding order, decoded or not: the second it is
    shown at, its bytes (0 when not known), and whether it is a key picture.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        *,
        size: int,
        threads: int = 1,
        skip: bool = True,
        on_progress: Callable[[], None] | None = None,
        on_coded: Callable[[float, int, bool], None] | None = None,
    ) -> None:
        self.path = os.fspath(path)
        self._size = size
        self._on_progress = on_progress or (lambda: None)
        self._on_coded = on_coded or (lambda time_s, size, key: None)
        self._container = open_container(path)
        try:
            self._stream = choose_stream(self._container, self.path)
            self._prepare_decoder(threads)
        except BaseException:
            self._container.close()
            raise
        self.codec = self._stream.codec_context.codec.canonical_name
        rate = self._stream.average_rate
        self._fps = float(rate) if rate else None
        self._timeline = timeline_of(self._container, self._stream)
        self._plans = skip and self._can_plan()
        self._problems: Counter[str] = Counter()
        self._geometry = Geometry(self._stream.sample_aspect_ratio)
        self._shown_size: tuple[int, int] | None = None
        self._count = 0
        self._squasher = VideoReformatter()

    def close(self) -> None:
        self._container.close()

    def frames(self) -> Iterator[Frame]:
        """See `VideoReader.frames`."""
        for time_s, picture in self.pictures():
            yield Frame(time_s, self.squash(picture))

    def pictures(self) -> Iterator[tuple[float, VideoFrame]]:
        """(time_s, decoded picture) of each frame that `frames` would give."""
        sampler: CellSampler[VideoFrame] = CellSampler()
        for picture in self._decode(self._packets()):
            time_s = self._timeline.place(picture.pts, picture.duration)
            if not self._plans:
                self._on_coded(time_s, 0, picture.key_frame)
            for given_s, given in sampler.add(time_s, picture):
                yield given_s, self._sampled(given)
        for given_s, given in sampler.finish(self._timeline.end_s):
            yield given_s, self._sampled(given)
        if self._count == 0:
            raise self._nothing_decoded()

    def squash(self, picture: VideoFrame) -> NDArray[np.uint8]:
        """(size, size, 3) uint8 RGB, upright."""
        small = self._squasher.reformat(
            picture,
            width=self._size,
            height=self._size,
            format="rgb24",
            interpolation=Interpolation.AREA,
            threads=1,
        )
        return self.orientation(picture).apply(small.to_ndarray().astype(np.uint8, copy=False))

    def orientation(self, picture: VideoFrame) -> Orientation:
        """How `picture` is to be turned."""
        return self._geometry.orientation(picture)

    def shown_size(self) -> tuple[int, int]:
        """Width and height as displayed, in pixels; known from the first picture on."""
        if self._shown_size is None:
            raise ValueError("no picture was read yet")
        return self._shown_size

    def declared_duration_s(self) -> float | None:
        """What the container claims, in seconds; None when it says nothing."""
        return self._container.duration / _US if self._container.duration else None

    def info(self) -> VideoInfo:
        """See `VideoReader.info`."""
        width, height = self.shown_size()
        return VideoInfo(
            duration_s=self._timeline.end_s,
            width=width,
            height=height,
            fps=self._fps,
            codec=self.codec,
            container=self._container.format.name,
            frame_count=self._count,
            warnings=tuple(
                f"{count} {problem}{'s' if count > 1 else ''}"
                for problem, count in self._problems.items()
            ),
        )

    def _prepare_decoder(self, threads: int) -> None:
        context = self._stream.codec_context
        context.thread_count = threads
        context.thread_type = "FRAME" if threads > 1 else "NONE"
        context.options = {"max_pixels": str(MAX_PIXELS)}

    def _can_plan(self) -> bool:
        timed = self._container.format.name in _INDEXED_FORMATS
        return timed and self.codec in PLANNED_CODECS

    def _packets(self) -> Iterator[Packet[VideoStream]]:
        """Packets of the stream in decoding order; what cannot be read is counted."""
        locked = is_encrypted(self._container, self._stream)
        try:
            for packet in self._container.demux(self._stream):
                if locked or packet.has_sidedata("encryption_info"):
                    self._problems["encrypted packet"] += packet.size > 0
                elif packet.size > 0:
                    yield packet
        except MemoryError as error:
            reason = "its container asks for too much memory"
            raise DecodeMemoryExceeded(self.path, reason) from error
        except av.error.FFmpegError as error:
            if isinstance(error, OSError) and self._count == 0:
                raise UnreadableFile(self.path, f"reading failed: {error.strerror}") from error
            self._problems["damaged end, not read"] += 1

    def _decode(self, packets: Iterable[Packet[VideoStream]]) -> Iterator[VideoFrame]:
        if self._plans:
            packets = self._needed(packets)
        for packet in packets:
            yield from self._decoded(packet)
            self._on_progress()
        yield from self._decoded(None)

    def _needed(self, packets: Iterable[Packet[VideoStream]]) -> Iterator[Packet[VideoStream]]:
        """Only what has to be decoded, with the decoder set to skip the rest of it."""
        context = self._stream.codec_context
        planner: PacketPlanner[Packet[VideoStream]] = PacketPlanner(
            self._timeline.peek, lambda packet: restarts(self.codec, memoryview(packet))
        )
        can_skip = self.codec in SKIPPING_CODECS
        skipping = False
        for packet, wanted in planner.plan(self._measured(packets)):
            if can_skip and skipping is wanted:
                skipping = not wanted
                context.skip_frame = "NONREF" if skipping else "DEFAULT"
            yield packet
            planner.cautious = self._problems.total() > 0

    def _measured(self, packets: Iterable[Packet[VideoStream]]) -> Iterator[Packet[VideoStream]]:
        """Count packets in that may never be decoded: the last frame's end is the duration."""
        for packet in packets:
            time_s = None if packet.pts is None else self._timeline.peek(packet.pts)
            if time_s is not None and time_s > _LONGEST_S:
                self._problems["picture with a damaged time skipped"] += 1
                continue
            if time_s is not None and not packet.is_discard:
                self._timeline.extend(time_s, packet.duration)
                self._on_coded(time_s, packet.size, packet.is_keyframe)
            yield packet

    def _decoded(self, packet: Packet[VideoStream] | None) -> list[VideoFrame]:
        try:
            return self._stream.codec_context.decode(packet)
        except MemoryError as error:
            raise DecodeMemoryExceeded(self.path, "its pictures need too much memory") from error
        except av.error.EOFError:
            return []
        except av.error.FFmpegError:
            self._problems["damaged packet skipped"] += 1
            return []

    def _sampled(self, picture: VideoFrame) -> VideoFrame:
        self._count += 1
        if self._shown_size is None:
            self._shown_size = self._geometry.shown_size(picture)
        return picture

    def _nothing_decoded(self) -> Exception:
        if self._problems["encrypted packet"]:
            return encrypted(self.path)
        damaged = self._problems["damaged packet skipped"]
        reason = f"all of its {damaged} packets are damaged" if damaged else "holds no picture"
        return UndecodableVideo(self.path, reason)
