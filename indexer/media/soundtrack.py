"""Sound that starts when its picture does and has neither gaps nor overlaps."""

from __future__ import annotations

import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

RATE_HZ = 48_000
_JITTER = round(0.03 * RATE_HZ)
"""Containers round the times of sound; a deviation that no one hears is left as it is."""

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
        self._resampler: AudioResampler | None = None
        self.damaged = 0
        """Frames that could not be used."""

    def add(self, time_s: float, frame: AudioFrame) -> None:
        """`frame` begins at `time_s`, in the file's own time."""
        try:
            parts = self._resampled(frame)
        except (av.error.FFmpegError, ValueError):
            self.damaged += 1
            self._resampler = None  # a next frame may be of another kind
            return
        if not parts:
            return
        samples = np.concatenate(parts, axis=1)
        self._append(self._aligned(samples, round((time_s - self._start_s) * RATE_HZ)))

    def samples(self, end_s: float) -> Samples | None:
        """(2, n) float32 from the start to `end_s` at 48 kHz; None when nothing was heard."""
        if not self._parts:
            return None
        wanted = round((end_s - self._start_s) * RATE_HZ)
        joined = np.concatenate(self._parts, axis=1)[:, :wanted]
        return np.pad(joined, ((0, 0), (0, wanted - joined.shape[1])))

    def _resampled(self, frame: AudioFrame) -> list[Samples]:
        if self._resampler is None:
            self._resampler = AudioResampler("fltp", "stereo", RATE_HZ)
        frames = self._resampler.resample(frame)
        return [one.to_ndarray().astype(np.float32, copy=False) for one in frames]

    def _aligned(self, samples: Samples, begin: int) -> Samples:
        """`samples` so that they follow on what there is, though they belong at `begin`."""
        gap = begin - self._count
        if self._parts and abs(gap) <= _JITTER:
            return samples
        if gap < 0:
            return samples[:, -gap:]
        silence = np.zeros((2, min(gap, self._most - self._count)), np.float32)
        return np.concatenate([silence, samples], axis=1)

    def _append(self, samples: Samples) -> None:
        samples = samples[:, : self._most - self._count]
        if samples.shape[1]:
            self._parts.append(np.nan_to_num(samples))
            self._count += samples.shape[1]
