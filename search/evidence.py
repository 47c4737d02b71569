"""What one channel says for a stretch of a video."""

from __future__ import annotations

from dataclasses import dataclass

PICTURE, SPEECH, SCREEN, NAME = "picture", "speech", "screen", "name"
CHANNELS = (PICTURE, SPEECH, SCREEN, NAME)


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
