"""Whether anything answers a question at all.

"No match" is said when no moment is surer, in any channel, than a stated share of the questions
would find about something that the library has not. docs/calibration.md says how often it is right.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from search.asked import Asked
from search.calibration import PICTURE_CURVE, SPEECH_CURVE
from search.evidence import NAME, PICTURE, SCREEN, SPEECH
from search.fusion import Candidate
from search.pictures import PictureSearch
from search.steps import Steps

FALSE_POSITIVES = {PICTURE: 0.4, SPEECH: 0.05}
"""Share of background questions that find a match there. Pictures need many: captions of one
photograph often fit another, and a true one stands out little. Lines that are meant stand out."""
LIKE = 0.2
"""The same where a picture or a clip is asked with: share of the library's own clips that have
another video so like them."""
LEAST = {
    PICTURE: PICTURE_CURVE.threshold(FALSE_POSITIVES[PICTURE]),
    SPEECH: SPEECH_CURVE.threshold(FALSE_POSITIVES[SPEECH]),
    SCREEN: 0.1,
    NAME: 0.1,
}
"""Strength that is a match. Of words alone it takes more than half, by their rarity."""


class Verdict:
    """Judges the answers of one generation."""

    def __init__(self, pictures: PictureSearch) -> None:
        self._pictures = pictures

    def judge(self, steps: Steps) -> Callable[[Candidate], bool]:
        """What tells of a moment, found for planned `steps`, whether it is surer than chance.

        Of several clauses the product has to be. What only filters ask for, or what has to hold
        certain words, is there when it is found.
        """
        asked = [clause for step in steps for clause in step]
        if all(clause.words.phrases or clause.words.prefixes for clause in asked):
            return lambda one: True
        if len(asked) > 1:
            least = math.prod(min(LEAST[channel] for channel in one.channels) for one in asked)
            return lambda one: one.score >= least
        if asked[0].is_only_a_look:
            return partial(self._is_alike, asked[0])
        return partial(_is_match, is_plain=asked[0].is_plain)

    def sure_score(self, steps: Steps, rate: float) -> float:
        """What a moment scores for planned `steps` to be as sure as only a share `rate` of
        questions about what is not there find something; 1 where only filters ask.

        Of a look alone it is what any match has: nothing in a library of one scene is rarer.
        """
        asked = [clause for step in steps for clause in step]
        if len(asked) == 1 and asked[0].is_only_a_look and asked[0].look is not None:
            return self._pictures.rare_cosine(asked[0].look, LIKE)
        return PICTURE_CURVE.threshold(rate) ** len(asked)

    def _is_alike(self, asked: Asked, one: Candidate) -> bool:
        """Of a look alone the score is a cosine."""
        if asked.look is None:
            return False
        return one.score >= self._pictures.rare_cosine(asked.look, LIKE)


def _is_match(one: Candidate, *, is_plain: bool) -> bool:
    least = LEAST if is_plain else LEAST | {PICTURE: PICTURE_CURVE.threshold(LIKE)}
    return any(strength >= least[channel] for channel, strength in one.strengths.items())
