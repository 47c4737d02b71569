"""Films of numbered pictures with a beep in each second."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from tests.synthetic import numbered_picture

SOUND_HZ = 48_000


def write_film(
    path: Path,
    seconds: int,
    *,
    codec: str = "aac",
    video: str = "libx264",
    sound_of_s=lambda second: 1.0,
) -> Path:
    """Numbered pictures, 10 a second, and in each second a beep; no sound at all where None."""
    with av.open(str(path), "w") as container:
        picture = container.add_stream(video, rate=10, options={"g": "20"})
        assert isinstance(picture, VideoStream)
        picture.width, picture.height, picture.pix_fmt = 128, 96, "yuv420p"
        sound = container.add_stream(codec, rate=SOUND_HZ)
        assert isinstance(sound, AudioStream)
        sound.codec_context.layout = "mono"
        for second in range(seconds):
            for tenth in range(10):
                image = numbered_picture(second * 10 + tenth, 128, 96)
                frame = VideoFrame.from_ndarray(image, format="rgb24")
                frame.pts, frame.time_base = second * 10 + tenth, Fraction(1, 10)
                container.mux(picture.encode(frame))
                if (loud := sound_of_s(second)) is not None:
                    container.mux(sound.encode(beep(second, tenth, loud)))
        for stream in (picture, sound):
            container.mux(stream.encode(None))
    return path


def beep(second: int, tenth: int, loudness: float) -> AudioFrame:
    """A tenth of a second of 440 Hz, silent but in the first one of each second."""
    count = SOUND_HZ // 10
    wave = np.sin(np.arange(count) * 2 * np.pi * 440 / SOUND_HZ) * loudness * (tenth == 0)
    frame = AudioFrame.from_ndarray(
        (wave * 20_000).astype(np.int16)[None], format="s16", layout="mono"
    )
    frame.sample_rate, frame.time_base = SOUND_HZ, Fraction(1, SOUND_HZ)
    frame.pts = (second * 10 + tenth) * count
    return frame
