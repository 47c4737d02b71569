"""Films with a sound that is known, and sounds that are no speech."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from benchmarks.espeak import PROGRAM, say

RATE_HZ = 16_000
Sound = NDArray[np.int16]


def speak(text: str) -> Sound:
    """(n,) int16 at 16 kHz; skips the test where there is no espeak-ng."""
    if shutil.which(PROGRAM) is None:
        pytest.skip(f"{PROGRAM} is not installed")
    return say(text)


def silence(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE_HZ), np.int16)


def noise(seconds: float, loudness: float = 0.1) -> Sound:
    samples = np.random.default_rng(0).normal(0, loudness, round(seconds * RATE_HZ))
    return (np.clip(samples, -1, 1) * 32767).astype(np.int16)


def melody(seconds: float) -> Sound:
    """Plucked notes with overtones, five in two seconds."""
    count = round(seconds * RATE_HZ)
    time_s = np.arange(count) / RATE_HZ
    played = np.zeros(count)
    for number, start_s in enumerate(np.arange(0, seconds, 0.4)):
        pitch_hz = (262, 330, 392, 523, 440)[number % 5]
        since_s = np.maximum(time_s - start_s, 0)
        tone = sum(np.sin(2 * np.pi * pitch_hz * k * since_s) / k for k in range(1, 8))
        played += (time_s >= start_s) * tone * np.exp(-3 * since_s) * 0.15
    return (np.clip(played, -1, 1) * 32767).astype(np.int16)


def write_film(
    path: Path,
    sound: Sound,
    *,
    codec: str = "aac",
    video: str = "mpeg4",
    sound_from_s: float = 0.0,
    picture_from_s: float = 0.0,
    rate_hz: int = 48_000,
    seconds: float | None = None,
) -> Path:
    """`sound` from `sound_from_s` on, under grey pictures, 10 a second, for `seconds`."""
    seconds = seconds or sound_from_s + len(sound) / RATE_HZ
    with av.open(str(path), "w") as container:
        picture = container.add_stream(video, rate=10)
        picture.width = picture.height = 32
        picture.pix_fmt = "yuv420p"
        stream = container.add_stream(codec, rate=rate_hz, layout="mono")
        resampler = av.AudioResampler(stream.format, "mono", rate_hz, frame_size=None)
        grey = VideoFrame.from_ndarray(np.full((32, 32, 3), 128, np.uint8), format="rgb24")
        packets = []
        for index in range(round(picture_from_s * 10), round(seconds * 10)):
            grey.pts, grey.time_base = index, Fraction(1, 10)
            packets += picture.encode(grey.reformat(format="yuv420p"))
        packets += picture.encode(None)
        for start in range(0, len(sound), 1024):
            frame = AudioFrame.from_ndarray(sound[None, start : start + 1024], layout="mono")
            frame.sample_rate, frame.time_base = RATE_HZ, Fraction(1, RATE_HZ)
            frame.pts = round(sound_from_s * RATE_HZ) + start
            for resampled in resampler.resample(frame):
                packets += stream.encode(resampled)
        for resampled in resampler.resample(None):
            packets += stream.encode(resampled)
        packets += stream.encode(None)
        for packet in sorted(packets, key=lambda p: p.dts * p.time_base):
            container.mux(packet)
    return path
