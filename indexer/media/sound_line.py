"""Frames of sound of any kind, as samples of one kind that follow each other on a time line."""

from __future__ import annotations

from typing import Any

import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

_JITTER_S = 0.03
"""Containers round the times of sound; a deviation that no one hears is left as it is."""

Samples = NDArray[Any]


class SoundLine:
    """Says of each frame how much silence is missing before it; what comes twice is left out."""

    def __init__(self, sample_format: str, layout: str, rate_hz: int, start_s: float = 0.0) -> None:
        """FFmpeg's names of the samples' format (such as "s16") and of the layout of channels."""
        self._kind = (sample_format, layout, rate_hz)
        self._rate_hz = rate_hz
        self._start_s = start_s
        self._begun = False
        self._resampler: AudioResampler | None = None
        self.count = 0
        """Samples from the start to the end of what was added, silence included."""
        self.damaged = 0
        """Frames that could not be used."""

    def add(self, time_s: float, frame: AudioFrame) -> tuple[int, Samples]:
        """How many samples of silence come first, then (channels, n) samples; n may be 0.

        `frame` begins at `time_s`, in seconds on the same clock as the start.
        """
        samples = self._resampled(frame)
        gap = round((time_s - self._start_s) * self._rate_hz) - self.count
        if self._begun and abs(gap) <= _JITTER_S * self._rate_hz:
            gap = 0
        samples = samples[:, max(0, -gap) :]
        if samples.shape[1] == 0:
            return 0, samples
        self._begun = True
        self.count += max(0, gap) + samples.shape[1]
        return max(0, gap), samples

    def _resampled(self, frame: AudioFrame) -> Samples:
        if self._resampler is None:
            self._resampler = AudioResampler(*self._kind)
        try:
            frames = self._resampler.resample(frame)
        except (av.error.FFmpegError, ValueError):
            self.damaged += 1
            self._resampler = None  # a next frame may be of another kind
            frames = []
        parts = [one.to_ndarray() for one in frames]
        return np.concatenate(parts, axis=1) if parts else np.zeros((1, 0))
