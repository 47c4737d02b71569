"""Sound that starts when its picture does and has neither gaps nor overlaps."""

from __future__ import annotations

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from indexer.media.sound_line import SoundLine

RATE_HZ = 48_000

Samples = NDArray[np.float32]


class Soundtrack:
    """Stereo sound of a stretch, put together of frames of any kind.

    What is missing in between is silence; what comes twice is left out.
    """

    def __init__(self, start_s: float, end_s: float) -> None:
        self._start_s = start_s
        self._most = round((end_s - start_s) * RATE_HZ)
        self._parts: list[Samples] = []
        self._count = 0
        self._line = SoundLine("fltp", "stereo", RATE_HZ, start_s)

    @property
    def damaged(self) -> int:
        """Frames that could not be used."""
        return self._line.damaged

    def add(self, time_s: float, frame: AudioFrame) -> None:
        """`frame` begins at `time_s`, in the file's own time."""
        silence, samples = self._line.add(time_s, frame)
        if samples.shape[1]:
            # Not more than there is room for: a damaged time may ask for days of silence.
            self._append(np.zeros((2, min(silence, self._most - self._count)), np.float32))
            self._append(samples.astype(np.float32, copy=False))

    def samples(self, end_s: float) -> Samples | None:
        """(2, n) float32 from the start to `end_s` at 48 kHz; None when nothing was heard."""
        if not self._parts:
            return None
        wanted = round((end_s - self._start_s) * RATE_HZ)
        joined = np.concatenate(self._parts, axis=1)[:, :wanted]
        return np.pad(joined, ((0, 0), (0, wanted - joined.shape[1])))

    def _append(self, samples: Samples) -> None:
        samples = samples[:, : self._most - self._count]
        if samples.shape[1]:
            self._parts.append(np.nan_to_num(samples))
            self._count += samples.shape[1]
