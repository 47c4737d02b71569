"""A second look at what is like a picture, a moment or a clip: token by token.

The joint space was made for words. It calls two pictures alike that one sentence describes, and
forgets what tells them apart. The CNN's features, which each shard keeps, do not: so the vectors of
the index propose, and tokens decide among the best.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.store.library import Library
from search.stretch_tokens import Stretch, StretchTokens

TOP = 50
"""Moments that are looked at again."""
MOST_TOKENS = 60
"""Of a moment: a minute and a half."""

Float32 = NDArray[np.float32]


class Resemblance:
    """Orders the best moments of one generation by what they share with examples."""

    def __init__(self, library: Library) -> None:
        self._tokens = StretchTokens(library, MOST_TOKENS)

    def order(self, examples: Sequence[Float32], stretches: Sequence[Stretch]) -> NDArray[np.intp]:
        """The positions of `stretches`, which come best first, in their new order.

        `examples` (tokens, feature_dim) count alike. What comes after the first `TOP`, and what
        cannot be read, keeps its place.
        """
        return self.order_each([examples] * len(stretches), stretches)

    def order_each(
        self, examples: Sequence[Sequence[Float32]], stretches: Sequence[Stretch]
    ) -> NDArray[np.intp]:
        """The same where each stretch has examples of its own to be like."""
        order = np.arange(len(stretches))
        tokens = self._tokens.of(stretches[:TOP])
        places = np.array(list(tokens), np.intp)
        found = [
            np.mean([likeness(one, shown) for one in examples[place]])
            for place, shown in tokens.items()
        ]
        order[places] = places[np.argsort(-np.array(found), kind="stable")]
        return order


def likeness(example: Float32, shown: Float32) -> float:
    """How much `example` (T, F) and `shown` (U, F), T, U > 0, have in common: -1 to 1.

    Each token's best cosine, the mean of both sides: the symmetric Chamfer similarity of ViSiL
    (Kordopatis-Zilos et al. 2019, section 3.2). Of a picture, which is one token, only its own
    side counts: what is shown besides is no fault.
    """
    cosines = _unit(example) @ _unit(shown).T
    found = float(cosines.max(1).mean())
    return found if len(example) == 1 else (found + float(cosines.max(0).mean())) / 2


def _unit(tokens: Float32) -> Float32:
    lengths = np.linalg.norm(tokens, axis=1, keepdims=True)
    return np.asarray(tokens / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)
