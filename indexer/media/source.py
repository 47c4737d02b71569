"""An opened file whose packets can be had from shortly before a moment on."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import av.error
from av.audio.stream import AudioStream
from av.packet import Packet
from av.stream import Discard
from av.video.stream import VideoStream

from indexer.media.clock import JUMPING_FORMATS, timeline_of
from indexer.media.container import (
    MAX_PIXELS,
    choose_stream,
    encrypted,
    is_encrypted,
    open_container,
)
from indexer.media.timeline import Timeline

_SEEKABLE_FORMATS = frozenset(
    {"mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "flv", "avi", "asf", "ogg"}
)
_REORDERED_S = 1.0
_US = 1_000_000
_MOST_HELD_BYTES = 64 << 20
_MOST_THREADS = 4

AnyPacket: TypeAlias = "Packet[Any]"


class Source:
    """The film of a file, and the sound that belongs to it, as packets in the file's order."""

    def __init__(self, path: Path, *, every_sound: bool = False) -> None:
        """`every_sound`: the packets of all sound tracks, not of the film's own alone.

        Raises a MediaError.
        """
        self.path = os.fspath(path)
        self._container = open_container(path)
        try:
            self.video: VideoStream = choose_stream(self._container, self.path)
            if is_encrypted(self._container, self.video):
                raise encrypted(self.path)
            self.audio = self._choose_sound()
            self.sounds = self._all_sound() if every_sound else [self.audio] if self.audio else []
            """Whose packets come beside the film's."""
            self.is_mute = not self._container.streams.audio
            """Whether there is no sound track, not even one that cannot be decoded."""
            self._prepare_decoder()
        except BaseException:
            self._container.close()
            raise
        self.timeline: Timeline = timeline_of(self._container, self.video)
        """Places the pictures of the packets that were asked for last."""

    def close(self) -> None:
        self._container.close()

    def packets(self) -> Iterator[AnyPacket]:
        """All, from the start."""
        streams = self._container.demux(self.video, *self.sounds)
        return (packet for packet in streams if packet.size > 0)

    def sound_packets(self, origin_s: float | None) -> Iterator[AnyPacket]:
        """Those of the sound alone, from the start; the pictures' are not even read.

        `origin_s` is the timestamp, in seconds, that is time 0; None where the container says it.
        """
        assert self.audio is not None
        if origin_s is not None:
            self.timeline = timeline_of(self._container, self.video, origin_s=origin_s)
        self.video.discard = Discard.all
        return (packet for packet in self._container.demux(self.audio) if packet.size > 0)

    def shortcut(self, time_s: float) -> Iterator[AnyPacket] | None:
        """From a key picture before `time_s` on; None when there is no way but from the start."""
        if self.jumps:
            return self._walked(time_s)
        is_seekable = self._container.format.name in _SEEKABLE_FORMATS
        return self._sought(time_s) if is_seekable else None

    def _sought(self, time_s: float) -> Iterator[AnyPacket] | None:
        """By the container's index; None when it has none that can be used."""
        assert self.video.time_base is not None
        try:
            origin_s = self.find_origin()
            ticks = round((time_s + origin_s) / self.video.time_base)
            self._container.seek(ticks, stream=self.video)
        except av.error.FFmpegError:
            return None
        self.timeline = timeline_of(self._container, self.video, origin_s=origin_s)
        return self.packets()

    def _walked(self, time_s: float) -> Iterator[AnyPacket]:
        """By reading all that is before it.

        For containers whose times jump: what lies where is known only by adding up.
        """
        packets, held, held_bytes = self.packets(), deque[AnyPacket](), 0
        origin_s = self.timeline.origin_s
        for packet in packets:
            at_s = self.time_of(packet)
            if at_s is not None and packet.is_keyframe and at_s <= time_s:
                held.clear()
                held_bytes, origin_s = 0, self.timeline.origin_s
            held.append(packet)
            held_bytes += packet.size
            while held_bytes > _MOST_HELD_BYTES:  # no key picture for long: begin without
                held_bytes -= held.popleft().size
            if at_s is not None and at_s > time_s + _REORDERED_S:
                break
        self.timeline = timeline_of(self._container, self.video, origin_s=origin_s)
        yield from held
        yield from packets

    def find_origin(self) -> float:
        """The timestamp, in seconds, that is time 0, by decoding the first picture.

        Only it may tell when the presentation starts. And where H.264 says which encoder made it,
        without which FFmpeg decodes some wrongly. Raises av.error.FFmpegError.
        """
        for packet in self._container.demux(self.video):
            for picture in self.video.codec_context.decode(packet):
                self.timeline.place(picture.pts, picture.duration)
                return self.timeline.origin_s or 0.0
        return 0.0

    def time_of(self, packet: AnyPacket) -> float | None:
        """When a packet of the film is shown, about: they come in decoding order."""
        if packet.stream is not self.video or packet.pts is None:
            return None
        return self.timeline.place(packet.pts, packet.duration)

    @property
    def format_name(self) -> str:
        """The container's, as FFmpeg's reader calls it."""
        return self._container.format.name

    @property
    def jumps(self) -> bool:
        """Whether the container is of broadcasts, whose timestamps may start anew."""
        return self._container.format.name in JUMPING_FORMATS

    @property
    def declared_s(self) -> float | None:
        """How long the container says that it is, in seconds; None when it says nothing."""
        return self._container.duration / _US if self._container.duration else None

    def _choose_sound(self) -> AudioStream | None:
        """None when there is none, or no decoder for it."""
        best = self._container.streams.best("audio", related=self.video)
        if not isinstance(best, AudioStream) or best.codec_context is None:
            return None
        best.discard = Discard.default
        return best

    def _all_sound(self) -> list[AudioStream]:
        """In the file's order; without those of a kind that FFmpeg does not know."""
        known = [one for one in self._container.streams.audio if one.codec_context is not None]
        for sound in known:
            sound.discard = Discard.default
        return known

    def _prepare_decoder(self) -> None:
        context = self.video.codec_context
        context.thread_count = min(_MOST_THREADS, len(os.sched_getaffinity(0)))
        context.thread_type = "FRAME" if context.thread_count > 1 else "NONE"
        context.options = {"max_pixels": str(MAX_PIXELS)}
