"""Which part of an uploaded clip a moment is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class AlignedPart:
    """Seconds of the clip that are, or look like, seconds of a video of the library."""

    clip_start_s: float
    clip_end_s: float
    start_s: float
    end_s: float
    speed: float
    """Seconds of the video that pass in one of the clip."""
    kind: Literal["copy", "similar"]

    def __str__(self) -> str:
        here = f"{_clock(self.clip_start_s)}-{_clock(self.clip_end_s)}"
        there = f"{_clock(self.start_s)}-{_clock(self.end_s)}"
        return f"clip {here} = {there} ({self.kind})"

    def to_json(self) -> dict[str, Any]:
        return {
            "clip_start_s": round(self.clip_start_s, 3),
            "clip_end_s": round(self.clip_end_s, 3),
            "start_s": round(self.start_s, 3),
            "end_s": round(self.end_s, 3),
            "speed": round(self.speed, 3),
            "kind": self.kind,
        }


def _clock(time_s: float) -> str:
    minutes, tenths = divmod(round(time_s * 10), 600)
    return f"{minutes}:{tenths / 10:04.1f}"
