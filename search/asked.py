"""A clause of a question, ready to be looked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.words.query import WordQuery

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class Asked:
    """Words and vectors that one moment has to answer to."""

    words: WordQuery
    channels: tuple[str, ...]
    """Where it is looked for, of `search.evidence.CHANNELS`."""
    meaning: Float32 | None = None
    """(dim,) of the words, for what is said; None where they ask for nothing but themselves."""
    look: Float32 | None = None
    """(dim,) unit, for what is seen; None where nothing is."""
    is_plain: bool = True
    """Whether `look` is that of the words alone, so that the second look understands it too."""

    @property
    def is_only_a_look(self) -> bool:
        """Whether there are no words at all."""
        return self.words == WordQuery()
