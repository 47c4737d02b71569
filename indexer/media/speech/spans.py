"""Probabilities of voice to spans of it, with hysteresis and hangover."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from indexer.media.speech.voice import FRAME_S, Span

SURE = 0.5
"""So probable is voice that begins;"""
DOUBT = 0.35
"""voice that goes on is at least so probable. Silero's own thresholds."""
HANGOVER_S = 0.4
"""Shorter pauses belong to the span: stops inside words, and breath."""
PAD_S = 0.2
"""Around each span: weak consonants begin and end words."""
SHORTEST_S = 0.2
"""A click or a knock is shorter."""
LONGEST_S = 28.0
"""A longer span is divided where voice is least likely: with its pads it fits in a stretch."""


class SpanFinder:
    """Finds the spans of one sound, probabilities coming piece by piece."""

    def __init__(self) -> None:
        self._frame = 0
        """Index of the next one."""
        self._first: int | None = None
        """First frame of the span at work."""
        self._last = 0
        """Last frame with voice in it."""
        self._recent: list[float] = []
        """Probabilities of the span at work."""
        self._end_s = 0.0
        """Of the span before."""

    @property
    def open_s(self) -> float:
        """Before this moment nothing will be found any more."""
        first = self._frame if self._first is None else self._first
        return max(self._end_s, first * FRAME_S - PAD_S)

    def add(self, probabilities: NDArray[np.float32]) -> list[Span]:
        """The spans that have ended, in order."""
        return [span for p in probabilities.tolist() for span in self._step(p)]

    def finish(self) -> list[Span]:
        """The span that the sound ends in, if any."""
        return [] if self._first is None else self._close()

    def _step(self, probability: float) -> list[Span]:
        at = self._frame
        self._frame += 1
        if self._first is None:
            if probability >= SURE:
                self._first = self._last = at
                self._recent = [probability]
            return []
        self._recent.append(probability)
        if probability >= DOUBT:
            self._last = at
        if (at - self._last) * FRAME_S > HANGOVER_S:
            return self._close()
        if len(self._recent) * FRAME_S >= LONGEST_S - 2 * PAD_S:
            return self._divide()
        return []

    def _close(self) -> list[Span]:
        assert self._first is not None
        first, self._first = self._first, None
        if (self._last + 1 - first) * FRAME_S < SHORTEST_S:
            return []
        start_s = max(self._end_s, first * FRAME_S - PAD_S)
        end_s = (self._last + 1) * FRAME_S + PAD_S
        self._end_s = min(end_s, self._frame * FRAME_S)  # not after the end of the sound
        return [Span(start_s, self._end_s)]

    def _divide(self) -> list[Span]:
        """End the span at the weakest frame of its second half; the rest goes on."""
        assert self._first is not None
        half = len(self._recent) // 2
        cut = half + int(np.argmin(self._recent[half:]))
        start_s = max(self._end_s, self._first * FRAME_S - PAD_S)
        self._end_s = (self._first + cut) * FRAME_S
        self._recent = self._recent[cut:]
        self._first += cut
        return [Span(start_s, self._end_s)]


def find_spans(probabilities: Iterable[NDArray[np.float32]]) -> list[Span]:
    """Where there is voice, in order, none overlapping: for all pieces at once."""
    finder = SpanFinder()
    found = [span for piece in probabilities for span in finder.add(piece)]
    return found + finder.finish()
