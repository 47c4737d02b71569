"""Pictures and sound out of packets, each with its time; what is damaged is counted."""

from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Iterator

import av.error
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from indexer.errors import DecodeMemoryExceeded, UnreadableFile
from indexer.media.source import AnyPacket, Source

_MOST_DISORDER = 4

Timed = tuple[float, VideoFrame | AudioFrame]


class Decoding:
    """Decodes `packets` of `source`. Sound can be damaged in any way: it never raises."""

    def __init__(self, source: Source, packets: Iterator[AnyPacket]) -> None:
        self._source = source
        self._packets = packets
        self._saw_picture = False
        self._waiting: deque[VideoFrame] = deque()
        self._times: list[float] = []
        self.problems: Counter[str] = Counter()
        """What was wrong, and how often."""

    def frames(self) -> Iterator[Timed]:
        """(second, frame), pictures and sound each in order. Raises a MediaError."""
        for packet in self._readable():
            if packet.stream is self._source.video:
                yield from self._pictures(packet)
            else:
                yield from self._sound(packet)
        yield from self._pictures(None)
        yield from self._in_order(0)
        if self._source.audio:
            yield from self._sound(None)

    def _readable(self) -> Iterator[AnyPacket]:
        try:
            yield from self._packets
        except MemoryError as error:
            reason = "its container asks for too much memory"
            raise DecodeMemoryExceeded(self._source.path, reason) from error
        except av.error.FFmpegError as error:
            if isinstance(error, OSError) and not self._saw_picture:
                reason = f"reading failed: {error.strerror}"
                raise UnreadableFile(self._source.path, reason) from error
            self.problems["damaged end, not read"] += 1

    def _pictures(self, packet: AnyPacket | None) -> Iterator[Timed]:
        try:
            pictures = self._source.video.codec_context.decode(packet)
        except MemoryError as error:
            reason = "its pictures need too much memory"
            raise DecodeMemoryExceeded(self._source.path, reason) from error
        except av.error.EOFError:
            return
        except av.error.FFmpegError:
            self.problems["damaged picture packet skipped"] += 1
            return
        for picture in pictures:
            self._saw_picture = True
            self._waiting.append(picture)
            heapq.heappush(self._times, self._source.timeline.place(picture.pts, picture.duration))
        yield from self._in_order(_MOST_DISORDER)

    def _in_order(self, waiting: int) -> Iterator[Timed]:
        """All but the last few pictures, which come out in order; their times may not (AVI)."""
        while len(self._waiting) > waiting:
            yield heapq.heappop(self._times), self._waiting.popleft()

    def _sound(self, packet: AnyPacket | None) -> Iterator[Timed]:
        audio = self._source.audio
        assert audio is not None
        try:
            frames = audio.codec_context.decode(packet)
        except av.error.EOFError:
            return
        except (av.error.FFmpegError, MemoryError):
            self.problems["damaged sound packet skipped"] += 1
            return
        origin_s = self._source.timeline.origin_s or 0.0
        for frame in frames:
            if frame.pts is None or frame.time_base is None:
                self.problems["sound without a time skipped"] += 1
            else:
                yield float(frame.pts * frame.time_base) - origin_s, frame
