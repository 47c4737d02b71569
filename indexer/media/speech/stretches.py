"""The parts of a sound that are worth a recogniser's time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from indexer.media.speech.film_sound import RATE_HZ, Sound
from indexer.media.speech.spans import SpanFinder
from indexer.media.speech.voice import Span, VoiceDetector

LONGEST_S = 30.0
"""What Whisper hears at once."""
PAUSE_S = 2.0
"""Voice after a longer pause is a stretch of its own."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of at most about 30 s with voice in it."""

    span: Span
    samples: Sound
    """(n,) mono at 16 kHz: all that is heard in the span, short pauses included."""


def stretches(sound: Iterable[Sound]) -> Iterator[Stretch]:
    """The stretches of `sound`, (n,) int16 blocks at 16 kHz, in order, none overlapping.

    Holds about a minute of sound. Raises what `sound` does, and RecogniserUnavailable.
    """
    detector, finder, joiner, tape = VoiceDetector(), SpanFinder(), _Joiner(), _Tape()
    for block in sound:
        tape.add(block)
        for span in joiner.add(finder.add(detector.add(block)), finder.open_s):
            yield Stretch(span, tape.play(span))
        tape.forget(joiner.held.start_s if joiner.held else finder.open_s)
    spans = finder.add(detector.finish()) + finder.finish()
    for span in joiner.add(spans, float("inf")):
        yield Stretch(span, tape.play(span))


class _Joiner:
    """Spans to stretches."""

    def __init__(self) -> None:
        self.held: Span | None = None
        """The stretch at work, which the next span may yet be joined to."""

    def add(self, spans: list[Span], open_s: float) -> list[Span]:
        """The stretches that are complete when no more span comes before `open_s`."""
        found = []
        for span in spans:
            if self.held and self._joins(self.held, span):
                self.held = Span(self.held.start_s, span.end_s)
                continue
            found += [self.held] if self.held else []
            self.held = span
        if self.held and open_s > self.held.end_s + PAUSE_S:
            found.append(self.held)
            self.held = None
        return found

    def _joins(self, held: Span, span: Span) -> bool:
        return span.start_s - held.end_s <= PAUSE_S and span.end_s - held.start_s <= LONGEST_S


class _Tape:
    """The last part of a sound."""

    def __init__(self) -> None:
        self._blocks: deque[Sound] = deque()
        self._first = 0
        """Index of the first sample that is still held."""

    def add(self, block: Sound) -> None:
        self._blocks.append(block)

    def play(self, span: Span) -> Sound:
        samples = np.concatenate(self._blocks)
        start = round(span.start_s * RATE_HZ) - self._first
        return samples[start : round(span.end_s * RATE_HZ) - self._first]

    def forget(self, before_s: float) -> None:
        while self._blocks and self._first + len(self._blocks[0]) <= before_s * RATE_HZ:
            self._first += len(self._blocks.popleft())
