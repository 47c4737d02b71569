"""What a search returns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any


@dataclass(frozen=True)
class Moment:
    """A stretch of one video that answers a query.

    Times are seconds from the start of the presentation, `start_s < end_s <= duration_s`.
    """

    video_id: int
    video: str
    """Path of the file."""
    duration_s: float
    start_s: float
    end_s: float
    score: float
    """Cosine of the best clip to the query, -1 to 1: comparable within one query only."""
    channels: dict[str, float]
    """Score by channel; `picture` is what is seen."""

    @property
    def title(self) -> str:
        """The file's name without its extension."""
        return PurePath(self.video).stem

    def to_json(self) -> dict[str, Any]:
        """The shape that the command line and the HTTP API share."""
        return {
            "video": self.video,
            "start_s": round(self.start_s, 3),
            "end_s": round(self.end_s, 3),
            "score": round(self.score, 4),
            "channels": {name: round(score, 4) for name, score in self.channels.items()},
            "video_id": self.video_id,
            "title": self.title,
            "duration_s": round(self.duration_s, 3),
        }


@dataclass(frozen=True)
class SearchResult:
    """The answer to one query: moments, best first."""

    query: str
    """The text, or a description of the picture or clip asked with."""
    moments: tuple[Moment, ...]
    generation: int
    """Number of the index generation that answered."""

    def to_json(self) -> dict[str, Any]:
        return {"query": self.query, "results": [moment.to_json() for moment in self.moments]}
