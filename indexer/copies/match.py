"""What two videos have in common."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How much of two videos is the same; the strongest first."""

    COPY = "copy"
    """All of both."""
    PART = "part"
    """All of one, which is a part of the other."""
    SHARED = "shared"
    """A part of both."""


@dataclass(frozen=True)
class Match:
    """A stretch of video `a` that video `b` shows too; `a` < `b` are ids, times are seconds."""

    a: int
    b: int
    a_start_s: float
    a_end_s: float
    b_start_s: float
    b_end_s: float
    similarity: float
    """Mean correlation of the pictures, at most 1."""
    motion: float
    """Correlation of what changes in them over the stretch, at most 1."""
    kind: Kind
    speed: float = 1.0
    """Seconds of `a` that pass in one of `b`: 1.25 says that `b` is the faster one."""
    view: str = "same picture"
    """What of the picture the one shows of the other; see `indexer.copies.views`."""

    @property
    def seconds(self) -> float:
        """Length of the shorter stretch."""
        return min(self.a_end_s - self.a_start_s, self.b_end_s - self.b_start_s)
