"""The part of a passage that answers a query, and which words of it do."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from indexer.words.matching import places, plan
from indexer.words.query import WordQuery
from indexer.words.terms import Terms, analyse

WIDTH = 160
_MOST_PLACES = 100
"""Looked at for the best part; nobody reads more of one passage."""


@dataclass(frozen=True)
class Snippet:
    """A part of a text. All places are in code points."""

    text: str
    """As it stands in the original; nothing is escaped."""
    highlights: tuple[tuple[int, int], ...]
    """[start, end) in `text` of what matches, in order; they do not overlap."""
    start: int
    """Where `text` begins in the original."""
    cut_after: bool
    """Whether the original goes on."""

    @property
    def cut_before(self) -> bool:
        """Whether the original begins earlier."""
        return self.start > 0


def snippet(text: str, query: WordQuery, language: str = "", width: int = WIDTH) -> Snippet:
    """At most `width` characters of `text` with as many of the words asked for as possible.

    `language` is the passage's. Words are compared as full text compares them: what is asked for
    as "running" is highlighted in "runs".
    """
    found = analyse(text, language)
    matches = sorted(
        (*place, which)
        for which, clue in enumerate(plan(query, (language,)).wanted)
        for place in places(clue, found)
    )
    start, end = _window(text, found, matches, width)
    ranges = _merged([(a, b) for a, b, _ in matches])
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in ranges]
    highlights = tuple((a, b) for a, b in inside if a < b)
    return Snippet(text[start:end], highlights, start, cut_after=end < len(text))


def _window(
    text: str, found: Terms, matches: list[tuple[int, int, int]], width: int
) -> tuple[int, int]:
    """[start, end) of the part to show; it begins and ends with a word where there is any."""
    if len(text) <= width:
        return 0, len(text)
    first, last = _densest(matches, width)
    start = max(0, min(first - (width - (last - first)) // 2, len(text) - width))
    starts = [term.start for term in found.running]
    if start and (i := bisect_left(starts, start)) < len(starts):
        start = starts[i]
    end = min(len(text), start + width)
    ends = [term.end for term in found.running]
    if end < len(text) and (i := bisect_right(ends, end)) and ends[i - 1] > start:
        end = ends[i - 1]
    return start, end


def _densest(matches: list[tuple[int, int, int]], width: int) -> tuple[int, int]:
    """[start, end) of those matches within `width` that are of the most clues; the first such."""
    best, chosen = 0, (0, 0)
    for i, (start, _, _) in enumerate(matches[:_MOST_PLACES]):
        near = [match for match in matches[i:_MOST_PLACES] if match[1] <= start + width]
        clues = len({which for _, _, which in near})
        if clues > best:
            best, chosen = clues, (start, max(end for _, end, _ in near))
    return chosen


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges, given by start, without overlaps."""
    merged: list[tuple[int, int]] = []
    for start, end in ranges:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
