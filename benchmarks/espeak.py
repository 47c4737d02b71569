"""Speech that a program makes, whose words are known."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator

import av
import numpy as np

from indexer.media.sound_line import SoundLine
from indexer.media.speech.sound import RATE_HZ, Sound

PROGRAM = "espeak-ng"
VOICE = "en-us+f2"
"""Of espeak's voices the one that PocketSphinx understands best."""


def say(text: str, voice: str = VOICE, words_per_minute: int = 130) -> Sound:
    """(n,) int16 mono at 16 kHz. Raises OSError where espeak-ng is absent."""
    command = [PROGRAM, "-v", voice, "-s", str(words_per_minute), "--stdout", text]
    wave = subprocess.run(command, capture_output=True, check=True).stdout
    return np.concatenate(list(_blocks(wave)))


def _blocks(wave: bytes) -> Iterator[Sound]:
    line = SoundLine("s16", "mono", RATE_HZ)
    with av.open(io.BytesIO(wave), "r") as container:
        for frame in container.decode(audio=0):
            _, samples = line.add(frame.time or 0.0, frame)
            yield samples[0].astype(np.int16)
