"""What there is to know of one file format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from search.exports.ranked import ranked
from search.results import SearchResult


@dataclass(frozen=True)
class ExportFormat:
    """How an answer is written."""

    write: Callable[..., str]
    """From an answer to text; it takes `fps` too where `counts_frames`."""
    media_type: str
    extension: str
    most: int | None = None
    """Moments that fit into one file; None for any number."""

    counts_frames: bool = False

    def text(self, result: SearchResult, fps: int) -> str:
        """`result` as text; times at `fps` frames a second, where they are counted in frames."""
        return self.write(result, fps=fps) if self.counts_frames else self.write(result)

    def left_out(self, result: SearchResult) -> int:
        """How many moments of `result` do not fit."""
        return 0 if self.most is None else max(0, len(list(ranked(result))) - self.most)
