"""Whether anything answers a question at all.

"No match" is said when no moment is surer than `FALSE_POSITIVES` of the questions would find about
something that the library has not. docs/calibration.md says how often it is right.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.store.library import Library
from search.asked import Asked
from search.calibration import PICTURE_CURVE, SPEECH_CURVE
from search.evidence import PICTURE, SPEECH
from search.fusion import Candidate
from search.pictures import PictureSearch
from search.steps import Steps

FALSE_POSITIVES = 0.2
"""Share of background questions that find a match. Many of them are right: a caption of one
photograph often fits another."""


class Verdict:
    """Judges the answers of one generation."""

    def __init__(self, library: Library, pictures: PictureSearch) -> None:
        self._library = library
        self._pictures = pictures

    def has_match(self, steps: Steps, found: Sequence[Candidate]) -> bool:
        """Whether one of the moments `found` for planned `steps` is surer than chance.

        Several clauses are each as sure as their geometric mean. What only filters ask for, or what
        has to hold certain words, is there when it is found.
        """
        asked = [clause for step in steps for clause in step]
        if not found or all(_is_certain(clause) for clause in asked):
            return bool(found)
        if len(asked) == 1 and asked[0].is_only_a_look:
            return self._alike(asked[0], found)
        least = float(np.prod([self.threshold(clause) for clause in asked]))
        return max(one.score for one in found) >= least

    def threshold(self, asked: Asked) -> float:
        """The probability that `FALSE_POSITIVES` of such clauses reach by chance.

        Each channel that goes by meaning has a share of them (Sidak 1967).
        """
        seen = asked.look is not None and PICTURE in asked.channels
        heard = asked.meaning is not None and SPEECH in asked.channels
        heard = heard and len(self._library.generation.sentences) > 0
        rate = 1 - (1 - FALSE_POSITIVES) ** (1 / max(seen + heard, 1))
        curves = [SPEECH_CURVE] * heard + [PICTURE_CURVE] * (seen or not heard)
        return max(curve.threshold(rate) for curve in curves)

    def _alike(self, asked: Asked, found: Sequence[Candidate]) -> bool:
        """Of a look alone the scores are cosines."""
        if asked.look is None:
            return False
        cosines = np.array([one.score for one in found])
        strengths = self._pictures.strengths(asked.look, cosines, is_plain=False)
        return float(strengths.max()) >= self.threshold(asked)


def _is_certain(asked: Asked) -> bool:
    return bool(asked.words.phrases or asked.words.prefixes)
