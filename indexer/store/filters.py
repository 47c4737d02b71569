"""What the videos that are asked for must be like."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime


@dataclass(frozen=True)
class Near:
    """Around a place: degrees, north and east positive, and kilometres along the ground."""

    latitude: float
    longitude: float
    radius_km: float


@dataclass(frozen=True)
class Filters:
    """All that is given must hold. `search.filters` makes these of what people type."""

    folder: str = ""
    """Absolute: the video lies at or below it. Relative: its path has these names in a row."""
    tags: tuple[str, ...] = ()
    """All of them, whatever their case."""
    after: datetime | None = None
    before: datetime | None = None
    """Aware. Recorded at `after` or later, earlier than `before`; else the file's own time."""
    longer_s: float | None = None
    shorter_s: float | None = None
    """Duration in seconds; these included."""
    min_lines: int | None = None
    max_lines: int | None = None
    """As in "1080p", these included: of the 16:9 screen, lying or standing, that a picture fills.
    1920 x 800, 1440 x 1080 and 1080 x 1920 all have 1080."""
    codec: str = ""
    """FFmpeg's name, such as `h264`."""
    container: str = ""
    """One of FFmpeg's names of the format, such as `mp4` or `matroska`, or as in `CONTAINERS`."""
    camera: str = ""
    """Part of maker and model, whatever its case."""
    language: str = ""
    """Of what is said: primary language subtag in lower case."""
    near: Near | None = None

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return any(getattr(self, field.name) not in ("", (), None) for field in fields(self))
