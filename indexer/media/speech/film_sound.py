"""The sound of a film as a speech recogniser takes it, on the time line of its pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import av.error
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from indexer.errors import NoSound, UndecodableSound
from indexer.media.decoding import Decoding
from indexer.media.sound_line import SoundLine
from indexer.media.source import AnyPacket, Source

RATE_HZ = 16_000
BLOCK = RATE_HZ
"""Samples of silence that are given at once, at most."""
_LONGEST_S = 7 * 86400.0
"""What is said to be heard a week after the start has a damaged timestamp."""
_LEAP_S = 10.0
"""A longer gap is believed only where something else speaks for it."""

Sound = NDArray[np.int16]


class FilmSound:
    """Reads the sound of one file, once. Pictures are not decoded, but for the first of an AVI."""

    def __init__(self, path: Path, on_progress: Callable[[float], None]) -> None:
        """`on_progress` is called after each packet with the seconds of sound so far."""
        self.path = path
        self._on_progress = on_progress
        self._line = SoundLine("s16", "mono", RATE_HZ)
        self._shown_s = 0.0
        """When the latest picture is shown; only known where timestamps may jump."""
        self.problems: dict[str, int] = {}
        """What was wrong, and how often; complete once it was read."""

    def blocks(self) -> Iterator[Sound]:
        """(n,) mono at 16 kHz, one after the other, the first from time 0 on.

        What is missing in between is silence; what is before the picture is left out.
        Raises a MediaError, NoSound where there is no sound track.
        """
        with closing(Source(self.path)) as source:
            if source.is_mute:
                raise NoSound(self.path, "has no sound track")
            if source.audio is None:
                raise UndecodableSound(self.path, "no decoder for its sound is available")
            decoding = Decoding(source, self._packets(source))
            yield from self._placed(source, decoding)
            damaged = {"sound frame that cannot be used": self._line.damaged}
            self.problems = {k: n for k, n in (decoding.problems | damaged).items() if n}
        if self._line.count == 0 and self.problems:
            raise UndecodableSound(self.path, "nothing of its sound can be decoded")

    def _packets(self, source: Source) -> Iterator[AnyPacket]:
        """The sound's. Where timestamps may jump, the pictures' tell what they mean."""
        for packet in source.packets() if source.jumps else self._sound_alone(source):
            if packet.stream is source.audio:
                yield packet
            else:
                self._shown_s = source.time_of(packet) or self._shown_s
            self._on_progress(self._line.count / RATE_HZ)

    def _sound_alone(self, source: Source) -> Iterator[AnyPacket]:
        origin_s = source.timeline.origin_s
        return source.sound_packets(self._origin_s() if origin_s is None else origin_s)

    def _origin_s(self) -> float:
        """Asked of the file opened once more: what was read for it is gone."""
        try:
            with closing(Source(self.path)) as source:
                return source.find_origin()
        except av.error.FFmpegError:
            return 0.0  # its pictures are another's to judge

    def _placed(self, source: Source, decoding: Decoding) -> Iterator[Sound]:
        for time_s, frame in decoding.frames():
            if not isinstance(frame, AudioFrame) or self._is_astray(source, time_s):
                continue
            silence, samples = self._line.add(time_s, frame)
            for start in range(0, silence, BLOCK):
                yield np.zeros(min(BLOCK, silence - start), np.int16)
            if samples.shape[1]:
                yield samples[0].astype(np.int16, copy=False)

    def _is_astray(self, source: Source, time_s: float) -> bool:
        """Whether a timestamp leaps to where there is nothing, as damaged ones do.

        And those of a joined recording do, for the moment until its next picture is seen.
        """
        if time_s <= self._line.count / RATE_HZ + _LEAP_S:
            return False
        end_s = self._shown_s if source.jumps else source.declared_s or _LONGEST_S
        return time_s > min(end_s, _LONGEST_S) + _LEAP_S
