"""What one clause has to look like: words, pictures and thumbs become one vector."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search.blend import Part, blend
from search.errors import InvalidQuery

WORDS = 1.0
EXAMPLE = 0.5
"""A clip or picture beside words: together with others it counts as much as they all do."""
UNWANTED = -0.5
"""Words, clips and pictures that are not wanted, each."""
RELEVANT = 0.7
IRRELEVANT = -0.1
"""All judged moments of a kind together. `python -m benchmarks.combined` and
`python -m benchmarks.feedback` measure these weights."""

Float32 = NDArray[np.float32]


@dataclass
class Look:
    """Collects vectors (dim,), each of unit length."""

    said: list[Float32] = field(default_factory=list)
    seen: list[Float32] = field(default_factory=list)
    """Of words, and of clips and pictures."""
    unwanted: list[Float32] = field(default_factory=list)
    relevant: list[Float32] = field(default_factory=list)
    irrelevant: list[Float32] = field(default_factory=list)
    """Of judged moments."""

    @property
    def is_something(self) -> bool:
        """Whether there is anything to be like."""
        return bool(self.said or self.seen or self.relevant)

    @property
    def is_plain(self) -> bool:
        """Whether it is nothing but words that are wanted."""
        others = (self.seen, self.unwanted, self.relevant, self.irrelevant)
        return len(self.said) == 1 and not any(others)

    def vector(self, sample: Float32) -> Float32 | None:
        """(dim,) unit; None for what is nothing, or only unwanted.

        `sample` (N, dim) are vectors of the library. Raises InvalidQuery when what is wanted and
        what is not are the same.
        """
        if not self.is_something:
            return None
        try:
            return blend(list(self._parts()), sample)
        except ValueError:
            raise InvalidQuery(
                "What is wanted and what is not are the same. Leave one of them away."
            ) from None

    def _parts(self) -> Iterator[Part]:
        yield from _shared(self.said, WORDS)
        yield from _shared(self.seen, EXAMPLE if self.said else 1.0)
        yield from (Part(vector, UNWANTED) for vector in self.unwanted)
        yield from _shared(self.relevant, RELEVANT)
        yield from _shared(self.irrelevant, IRRELEVANT)


def _shared(vectors: list[Float32], weight: float) -> Iterator[Part]:
    """All of them together count as `weight`."""
    for vector in vectors:
        yield Part(vector, weight / len(vectors))
