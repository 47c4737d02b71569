"""A moment as it is kept: by content and times, which survive a move and a rebuilt catalog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class StoredMoment:
    """A stretch of one content."""

    content: str
    """SHA-256 of the file's bytes, 64 hex digits."""
    start_s: float
    end_s: float
    """Seconds, `0 <= start_s < end_s`."""
    path: str
    """Where the file lay when the moment was entered."""

    def to_json(self) -> dict[str, Any]:
        return dict(vars(self))
