"""A sound track that is encoded while it comes in."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet

from indexer.media.sound_line import Samples, SoundLine

RATE_HZ = 48_000
_BIT_RATE = 192_000
_CHUNK = 1024

AnyPacket: TypeAlias = "Packet[Any]"


class AacTrack:
    """Stereo AAC; gaps are filled with silence."""

    def __init__(self, output: OutputContainer, length_s: float) -> None:
        """Adds itself to `output`; what comes after `length_s` is left out."""
        stream = output.add_stream("aac", rate=RATE_HZ)
        assert isinstance(stream, AudioStream)
        stream.codec_context.layout = "stereo"
        stream.codec_context.bit_rate = _BIT_RATE
        self._stream = stream
        self._line = SoundLine("fltp", "stereo", RATE_HZ)
        self._most = round(length_s * RATE_HZ)
        self._rest: Samples = np.zeros((2, 0), np.float32)
        self._done = 0
        """Samples that were encoded."""

    @property
    def damaged(self) -> int:
        """Frames that could not be used."""
        return self._line.damaged

    def add(self, time_s: float, frame: AudioFrame) -> list[AnyPacket]:
        """`frame` begins at `time_s` of the track, in seconds; what lies before 0 is left out."""
        silence, samples = self._line.add(time_s, frame)
        if not samples.shape[1]:
            return []
        packets = []
        for part in (*self._silence(silence), samples):
            packets += self._append(part)
        return packets

    def finish(self) -> list[AnyPacket]:
        """What is left."""
        packets = self._encode(self._rest) if self._rest.shape[1] else []
        return [*packets, *self._stream.encode(None)]

    def _silence(self, count: int) -> Iterator[Samples]:
        """In pieces, and not more than there is room for: a damaged time may ask for days."""
        count = min(count, self._room)
        for begin in range(0, count, RATE_HZ):
            yield np.zeros((2, min(RATE_HZ, count - begin)), np.float32)

    @property
    def _room(self) -> int:
        return max(0, self._most - self._done - int(self._rest.shape[1]))

    def _append(self, samples: Samples) -> list[AnyPacket]:
        kept = np.nan_to_num(samples[:, : self._room].astype(np.float32, copy=False))
        waiting = np.concatenate([self._rest, kept], axis=1)
        whole = waiting.shape[1] // _CHUNK * _CHUNK
        self._rest = waiting[:, whole:]
        packets: list[AnyPacket] = []
        for begin in range(0, whole, _CHUNK):
            packets += self._encode(waiting[:, begin : begin + _CHUNK])
        return packets

    def _encode(self, samples: Samples) -> list[AnyPacket]:
        frame = AudioFrame.from_ndarray(
            np.ascontiguousarray(samples), format="fltp", layout="stereo"
        )
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, self._done, Fraction(1, RATE_HZ)
        self._done += samples.shape[1]
        return list(self._stream.encode(frame))
