"""Where in a sound there is a voice.

By Silero's network (Silero Team 2021), which faster-whisper carries. WebRTC's detector, which
pocketsphinx has too, takes all loud music and noise for voice: `python -m benchmarks.speech`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import RecogniserUnavailable
from indexer.media.speech.samples import RATE_HZ, Sound

if TYPE_CHECKING:
    from collections.abc import Iterator

FRAME = 512
"""Samples that the network judges at once: 32 ms."""
FRAME_S = FRAME / RATE_HZ
_BLOCK = 256 * FRAME
"""Samples that are judged in one call, 8 s: more is hardly faster."""
_WARM_UP = 32 * FRAME
"""The network remembers; what it heard a second ago hardly matters."""
_REMEDY = "Install it with: pip install faster-whisper"


@dataclass(frozen=True)
class Span:
    """A stretch of time, in seconds from the start of the presentation."""

    start_s: float
    end_s: float


class VoiceDetector:
    """Says how likely each 32 ms of a sound are voice. Digital silence costs nothing."""

    def __init__(self) -> None:
        """Raises RecogniserUnavailable where faster-whisper is not installed."""
        self._network = _load()
        self._waiting = np.zeros(0, np.int16)
        self._before = np.zeros(0, np.int16)

    def add(self, sound: Sound) -> NDArray[np.float32]:
        """(n,) probabilities of the frames that can be judged with `sound`; mostly none."""
        self._waiting = np.concatenate([self._waiting, sound])
        if len(self._waiting) < _BLOCK:
            return np.zeros(0, np.float32)
        whole = len(self._waiting) // FRAME * FRAME
        known, self._waiting = self._waiting[:whole], self._waiting[whole:]
        return self._judge(known)

    def finish(self) -> NDArray[np.float32]:
        """Those of the last frames, the very last filled up with silence."""
        missing = -len(self._waiting) % FRAME
        return self._judge(np.pad(self._waiting, (0, missing)))

    def _judge(self, sound: Sound) -> NDArray[np.float32]:
        if not sound.any():
            self._before = np.zeros(0, np.int16)
            return np.zeros(len(sound) // FRAME, np.float32)
        heard = np.concatenate([self._before, sound]).astype(np.float32) / np.float32(32768)
        skipped = len(self._before) // FRAME
        self._before = sound[-_WARM_UP:]
        found: NDArray[np.float32] = self._network(heard).reshape(-1)[skipped:]
        return found


def voice_probabilities(sound: Iterable[Sound]) -> Iterator[NDArray[np.float32]]:
    """(n,) for each 32 ms of `sound`, 16 kHz int16, some at a time."""
    detector = VoiceDetector()
    for block in sound:
        yield detector.add(block)
    yield detector.finish()


def can_hear_voices() -> bool:
    """Whether the package that finds voices is installed: `videobert-search[speech]`."""
    return find_spec("faster_whisper") is not None


def require_voice_detector() -> None:
    """Raises RecogniserUnavailable, with the remedy, where no voice can be found."""
    if not can_hear_voices():
        raise RecogniserUnavailable(
            f"Where there is a voice cannot be told: faster-whisper is not installed. {_REMEDY}"
        )


def _load() -> Any:
    try:
        from faster_whisper.vad import get_vad_model
    except ImportError as error:
        reason = f"The voice detector cannot be loaded: {error}. {_REMEDY}"
        raise RecogniserUnavailable(reason) from error
    return get_vad_model()
