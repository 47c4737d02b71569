"""How well a passage answers: the same on every database, for both only find candidates."""

from __future__ import annotations

import math
from collections.abc import Mapping

from indexer.words.matching import Clue, places
from indexer.words.terms import analyse

_SATURATION = 1.2
_LENGTH = 0.75
USUAL_TERMS = 12
"""Terms of an ordinary passage, a sentence; a constant, so that scores stay as they are."""


class Scoring:
    """BM25 (Robertson & Zaragoza 2009) and coverage, for the clues of one query."""

    def __init__(self, counts: Mapping[Clue, int], passages: int) -> None:
        """`counts` are the passages with each clue, `passages` that of all."""
        seen = any(counts.values())
        self._weights = {
            clue: math.log1p((passages - count + 0.5) / (count + 0.5))
            for clue, count in counts.items()
            if count or not (clue.cut and seen)  # two characters that no word ends between
        }
        self._mass = sum(self._weights.values())

    def of(self, text: str, language: str) -> tuple[float, float]:
        """(BM25, coverage) of a passage."""
        found = analyse(text, language)
        score = covered = 0.0
        norm = 1 - _LENGTH + _LENGTH * len(found.running) / USUAL_TERMS
        for clue, weight in self._weights.items():
            if times := len(places(clue, found)):
                score += weight * times * (_SATURATION + 1) / (times + _SATURATION * norm)
                covered += weight
        return score, covered / self._mass if self._mass else 0.0
