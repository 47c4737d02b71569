"""What one step of a question has to look like: words, pictures and thumbs become one vector."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indexer.store.library import Library

Float32 = NDArray[np.float32]


@dataclass
class Look:
    """Collects vectors (dim,), each of unit length."""

    said: list[tuple[Float32, bool]] = field(default_factory=list)
    """Of words, and whether they are wanted."""
    seen: list[tuple[Float32, bool]] = field(default_factory=list)
    """Of pictures and clips."""
    relevant: list[Float32] = field(default_factory=list)
    irrelevant: list[Float32] = field(default_factory=list)
    """Of judged moments."""

    def say(self, vector: Float32, *, wanted: bool = True) -> None:
        """Words for it."""
        self.said.append((vector, wanted))

    def like(self, vector: Float32, *, wanted: bool = True) -> None:
        """A picture of it."""
        self.seen.append((vector, wanted))

    @property
    def is_something(self) -> bool:
        """Whether there is anything to be like."""
        return bool(self.said or self.seen or self.relevant)

    @property
    def is_plain(self) -> bool:
        """Whether it is nothing but words that are wanted."""
        return len(self.said) == 1 and not (self.seen or self.relevant or self.irrelevant)

    def vector(self, library: Library) -> Float32 | None:
        """(dim,) unit; None for what is nothing, or only unwanted."""
        parts = [vector if wanted else -0.5 * vector for vector, wanted in self.said + self.seen]
        parts += self.relevant + [-0.5 * vector for vector in self.irrelevant]
        if not parts:
            return None
        total = np.sum(parts, axis=0)
        return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), np.float32)
