"""Words with times to cues that can be read and found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from model.sentences import Cue

PAUSE_S = 0.5
"""Seconds between two words that end a cue."""
LONGEST_S = 6.0
"""A longer cue is divided: a cue is where a search leads to."""


@dataclass(frozen=True)
class Word:
    """A word and when it is said, in seconds."""

    start_s: float
    end_s: float
    text: str
    """With the space before it, where its language writes one."""


def cues_of(words: Iterable[Word]) -> list[Cue]:
    """`words`, in order, grouped at pauses, and to at most about 6 s."""
    cues: list[Cue] = []
    group: list[Word] = []
    for word in words:
        if group and _ends(group, word):
            cues.append(_cue(group))
            group = []
        group.append(word)
    return [*cues, _cue(group)] if group else cues


def _ends(group: list[Word], word: Word) -> bool:
    is_pause = word.start_s - group[-1].end_s >= PAUSE_S
    return is_pause or word.end_s - group[0].start_s > LONGEST_S


def _cue(group: list[Word]) -> Cue:
    start_s = group[0].start_s
    return Cue(start_s, max(start_s, group[-1].end_s), "".join(word.text for word in group).strip())
