"""Sightings of lines of text, twice a second, joined to spans of time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from indexer.media.reading import ScreenText
from indexer.media.screen.line import Line

MIN_CONFIDENCE = 0.8
"""Below it the reader mostly sees words in handwriting, leaves and windows."""
BRIEF_S = 0.5
BRIEF_CONFIDENCE = 0.9
"""What is seen in one sample only must be surer: that is where noise lives."""
MIN_LETTERS = 2
"""Letters and digits; one alone is a lamp, a door or a logo more often than a word."""
GAP_S = 1.0
"""A line that the reader misses for less is still there: one sample, or two."""
_SAME_PLACE = 0.5
_SAME_TEXT = 0.6
_SAME_TEXT_ELSEWHERE = 0.8
_MIN_LENGTH_ELSEWHERE = 4


class _Track:
    """One line over time."""

    def __init__(self, time_s: float, line: Line) -> None:
        self.start_s = time_s
        self.missing_s: float | None = None
        self.best = self.last = line

    def add(self, line: Line) -> None:
        """The best has most right letters to expect: typed text wins when it is complete."""
        self.missing_s = None
        self.last = line
        if line.confidence * len(line.text) > self.best.confidence * len(self.best.text):
            self.best = line

    def likeness(self, line: Line) -> float:
        """Above 0 when `line` is this one: in its place, or moved as a whole; 2 at most."""
        overlap = line.place.overlap(self.last.place)
        alike = _text_likeness(line.text, self.best.text)
        if overlap >= _SAME_PLACE and alike >= _SAME_TEXT:
            return overlap + alike
        long_enough = len(line.text) >= _MIN_LENGTH_ELSEWHERE
        return alike if long_enough and alike >= _SAME_TEXT_ELSEWHERE else 0.0


class ScreenSpans:
    """Follows lines from sample to sample.

    A line that scrolls is one span, and so is one that is typed letter by letter. Text that
    crawls sideways through a window comes in pieces that overlap.
    """

    def __init__(self) -> None:
        self._open: list[_Track] = []
        self._done: list[ScreenText] = []

    def lines(self) -> list[Line]:
        """As last read, those that are on screen now."""
        return [track.last for track in self._open if track.missing_s is None]

    def see(self, time_s: float, lines: Sequence[Line]) -> None:
        """At `time_s` there are `lines`, and no others."""
        unseen = list(self._open)
        fresh = list(lines)
        for _, track, line in sorted(self._pairs(lines), key=lambda pair: -pair[0]):
            if track in unseen and line in fresh:
                track.add(line)
                unseen.remove(track)
                fresh.remove(line)
        for track in unseen:
            if track.missing_s is None:
                track.missing_s = time_s
        self.still(time_s)
        self._open += [_Track(time_s, line) for line in fresh]

    def still(self, time_s: float) -> None:
        """At `time_s` everything is as it was."""
        for track in list(self._open):
            if track.missing_s is not None and time_s - track.missing_s >= GAP_S:
                self._close(track, track.missing_s)

    def finish(self, duration_s: float) -> tuple[ScreenText, ...]:
        """All spans by start; what is still on screen ends at `duration_s`."""
        for track in list(self._open):
            self._close(track, duration_s if track.missing_s is None else track.missing_s)
        return _without_echoes(self._done)

    def _pairs(self, lines: Iterable[Line]) -> list[tuple[float, _Track, Line]]:
        pairs = [(track.likeness(line), track, line) for track in self._open for line in lines]
        return [pair for pair in pairs if pair[0] > 0]

    def _close(self, track: _Track, end_s: float) -> None:
        self._open.remove(track)
        best = track.best
        brief = end_s - track.start_s <= BRIEF_S + 1e-6
        enough = BRIEF_CONFIDENCE if brief else MIN_CONFIDENCE
        letters = sum(character.isalnum() for character in best.text)
        if best.confidence >= enough and letters >= MIN_LETTERS and end_s > track.start_s:
            self._done.append(ScreenText(track.start_s, end_s, best.text, best.confidence))


def _without_echoes(spans: Iterable[ScreenText]) -> tuple[ScreenText, ...]:
    """By start, without those whose text another one says all the while."""
    kept: dict[str, ScreenText] = {}
    result = []
    for span in sorted(spans, key=lambda span: (span.start_s, -span.end_s)):
        text = span.text.casefold()
        if text not in kept or span.end_s > kept[text].end_s:
            kept[text] = span
            result.append(span)
    return tuple(result)


def _text_likeness(a: str, b: str) -> float:
    """0 to 1; 1 also when one is the beginning of the other. Case and spaces do not count."""
    a, b = ("".join(text.casefold().split()) for text in (a, b))
    if not a or not b:
        return 0.0
    if a.startswith(b) or b.startswith(a):
        return 1.0
    return SequenceMatcher(None, a, b, autojunk=False).ratio()
