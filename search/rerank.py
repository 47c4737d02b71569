"""A second look at the best answers: VideoBERT reads the words and the clip together.

The vectors of the index know nothing of the question. The alignment head does: one pass of the
network for each pair of question and clip (Sun et al. 2019, section 3.2), too slow for a whole
library, affordable for the first twenty (the two stages of UniVL, Luo et al. 2020).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.store.library import Library
from model.encoder import Aligner, Encoder
from search.errors import InvalidQuery
from search.stretch_tokens import Stretch, StretchTokens

TOP = 20
"""Answers that are looked at again."""
MOST_TOKENS = 6
"""Of an answer, evenly spaced: the network was trained on tokens with gaps, and attention to all of
a long moment would be the slowest part of a search."""


class Reranker:
    """Moves the best answers among themselves; what comes after them stays where it is.

    An answer's new score is its cosine + `weight` x the log-probability that clip and words belong
    together. One whose tokens cannot be read keeps its place.
    """

    def __init__(self, library: Library, aligner: Aligner, weight: float) -> None:
        self._tokens = StretchTokens(library, MOST_TOKENS)
        self._aligner = aligner
        self._weight = weight

    def order(
        self, text: str, stretches: Sequence[Stretch], scores: Sequence[float]
    ) -> NDArray[np.intp]:
        """The positions of `stretches`, which come best first, in their new order."""
        order = np.arange(len(stretches))
        tokens = self._tokens.of(stretches[:TOP]) if self._weight else {}
        if not tokens:
            return order
        places = np.array(list(tokens))
        log_odds = self._aligner.alignment(text, list(tokens.values())).astype(np.float64)
        log_probability = -np.logaddexp(0.0, -log_odds)
        moved = np.asarray(scores)[places] + self._weight * log_probability
        order[places] = places[np.argsort(-moved, kind="stable")]
        return order

    def warm_up(self, feature_dim: int) -> None:
        """Load the network."""
        self._aligner.alignment("warm up", [np.zeros((1, feature_dim), np.float32)])


def reranker_for(library: Library, encoder: Encoder, weight: float | None) -> Reranker | None:
    """The second look of a library; `weight` None is what the encoder was validated with.

    None where there is none, or `weight` is 0. Raises InvalidQuery when one is asked for that the
    encoder cannot take.
    """
    if not isinstance(encoder, Aligner):
        if weight:
            raise InvalidQuery("The library's model cannot rerank. Leave --rerank away.")
        return None
    chosen = encoder.rerank_weight if weight is None else weight
    return Reranker(library, encoder, chosen) if chosen else None
