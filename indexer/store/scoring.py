"""How well a passage answers: the same on every database, for both only find candidates."""

from __future__ import annotations

import math
from collections.abc import Mapping

from indexer.words.matching import Clue, Phrase
from indexer.words.terms import BORDER, terms

_SATURATION = 1.2
_LENGTH = 0.75
USUAL_TERMS = 12
"""Terms of an ordinary sentence; a constant, so that no other passage changes a score."""


class Scoring:
    """BM25 (Robertson & Zaragoza 2009) and coverage, for the clues of one query."""

    def __init__(self, counts: Mapping[Clue, int], passages: int) -> None:
        """`counts` are the passages with each clue, `passages` that of all."""
        seen = any(counts.values())
        self.weights = {
            clue: _idf(count, passages)
            for clue, count in counts.items()
            if count or not (clue.cut and seen)  # two characters that no word ends between
        }
        """Inverse document frequencies."""
        self._mass = sum(self.weights.values())
        self._clues = [
            (tuple(map(_written, clue.phrases)), idf) for clue, idf in self.weights.items()
        ]

    def of(self, text: str, language: str) -> tuple[float, float]:
        """(BM25, coverage) of a passage."""
        found = terms(text, language)
        running = found.partition(f" {BORDER}")[0].count(" ") + 1
        spread = f" {found.replace(' ', '  ')} "  # to each term its own spaces
        norm = _SATURATION * (1 - _LENGTH + _LENGTH * running / USUAL_TERMS)
        score = covered = 0.0
        for phrases, idf in self._clues:
            if times := max(map(spread.count, phrases)):
                score += idf * times * (_SATURATION + 1) / (times + norm)
                covered += idf
        return score, covered / self._mass if self._mass else 0.0


def _written(phrase: Phrase) -> str:
    """How a phrase stands among terms that have spaces on either side."""
    return f" {'  '.join(phrase.terms)}{'' if phrase.prefix else ' '}"


def _idf(count: int, passages: int) -> float:
    return math.log1p((max(passages, count) - count + 0.5) / (count + 0.5))
