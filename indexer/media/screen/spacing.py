"""Decodes what the recogniser says of a line, with the spaces between its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

SPACE_PROBABILITY = 0.05
"""Trained on Chinese, the recogniser doubts the spaces of Latin text: most lie below the half
that would let them win, but above 0.05, and between letters of a word it is 0.02 at most."""
_BLANK = 0


class SpacingDecoder:
    """Best path of connectionist temporal classification (Graves et al., 2006).

    Takes the place of rapidocr's `CTCLabelDecode`, which glues words together.
    """

    def __init__(self, characters: Sequence[str]) -> None:
        """`characters[0]` is the blank, the last one the space."""
        self.character = list(characters)

    def __call__(self, preds: NDArray[np.float32], *_: Any, **__: Any) -> list[tuple[str, float]]:
        """(text, confidence 0 to 1) of each line of `preds` (lines, steps, characters)."""
        return [self._line(line) for line in preds]

    def _line(self, probabilities: NDArray[np.float32]) -> tuple[str, float]:
        labels = probabilities.argmax(axis=1)
        space = len(self.character) - 1
        spaced = (labels == _BLANK) & (probabilities[:, space] > SPACE_PROBABILITY)
        first = np.append(True, labels[1:] != labels[:-1])
        letters = first & (labels != _BLANK) & (labels != space)
        labels = np.where(spaced, space, labels)
        kept = labels[letters | (labels == space)]
        text = "".join(self.character[label] for label in kept)
        sure = probabilities.max(axis=1)[letters]
        return " ".join(text.split()), float(sure.mean()) if letters.any() else 0.0
