"""What one channel says for a stretch of a video."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PICTURE, SPEECH, SCREEN, NAME = "picture", "speech", "screen", "name"
CHANNELS = (PICTURE, SPEECH, SCREEN, NAME)
WEAKEST = 0.02
"""Strength of words below which they are no evidence: they would only fill the page."""


@dataclass(frozen=True)
class Match:
    """Words of a video that answer a query."""

    channel: str
    text: str
    """About a line: a part of a longer text."""
    highlights: tuple[tuple[int, int], ...]
    """[start, end) of the words that match, in characters of `text`."""
    start_s: float | None
    end_s: float | None
    """When it is said or shown, seconds; None for names."""

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Match:
        """What `to_json` told."""
        highlights = tuple((start, end) for start, end in told["highlights"])
        return cls(told["channel"], told["text"], highlights, told["start_s"], told["end_s"])

    def to_json(self) -> dict[str, Any]:
        """The shape that the command line and the HTTP API share."""
        return {
            "channel": self.channel,
            "text": self.text,
            "highlights": [list(place) for place in self.highlights],
            "start_s": None if self.start_s is None else round(self.start_s, 3),
            "end_s": None if self.end_s is None else round(self.end_s, 3),
        }


@dataclass(frozen=True)
class Evidence:
    """A stretch, and how sure one channel is of it."""

    channel: str
    video_id: int
    start_s: float | None
    end_s: float | None
    """Seconds; both None for the video as a whole."""
    strength: float
    """0 to 1, comparable between channels."""
    match: Match | None = None
    by_words: bool = False
    """Whether it holds the words that were asked for, not only what they mean."""
