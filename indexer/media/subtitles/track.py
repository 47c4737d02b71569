"""What a parser makes of a subtitle file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf

from model.sentences import Cue

_SHOWN_S = 0.5
_READ_S = 0.067
"""Seconds a character: 15 in a second, as pysubs2 reckons too."""


class NotUnderstood(ValueError):
    """The reason why a file gives no subtitles, as a half sentence."""


@dataclass(frozen=True)
class Track:
    """Cues as the file has them: in any order, with markup. Times in seconds."""

    cues: tuple[Cue, ...]
    language: str = ""
    """As the file writes it, such as "en-US"; empty when it does not say."""
    format: str = ""
    """For people to read; empty until it is known."""


def of_one_language(spoken: Iterable[tuple[str, Cue]]) -> Track:
    """Of (language, cue), those in the language that has the most; the first of several."""
    by_language: dict[str, list[Cue]] = {}
    for language, cue in spoken:
        by_language.setdefault(language, []).append(cue)
    if not by_language:
        return Track(())
    language = max(by_language, key=lambda one: len(by_language[one]))
    return Track(tuple(by_language[language]), language)


def with_ends(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """`cues`, which are in order; one that ends at infinity is shown until it has been read, or
    until a later one begins."""
    return tuple(
        cue if cue.end_s < inf else replace(cue, end_s=min(_read_by_s(cue), next_s))
        for cue, next_s in zip(cues, _later_starts_s(cues), strict=True)
    )


def until_next(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """`cues`, which are in order, none shown longer than until a later one begins."""
    return tuple(
        replace(cue, end_s=min(cue.end_s, next_s))
        for cue, next_s in zip(cues, _later_starts_s(cues), strict=True)
    )


def _later_starts_s(cues: Sequence[Cue]) -> list[float]:
    """For each cue when the next begins that does not begin with it; infinity for the last."""
    starts, later_s = [], inf
    for cue, after in zip(reversed(cues), [None, *reversed(cues)], strict=False):
        if after is not None and after.start_s > cue.start_s:
            later_s = after.start_s
        starts.append(later_s)
    return starts[::-1]


def _read_by_s(cue: Cue) -> float:
    return cue.start_s + _SHOWN_S + _READ_S * len(cue.text)
