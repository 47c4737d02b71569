"""Which part of an uploaded clip a moment is."""

from __future__ import annotations

from dataclasses import dataclass, replace
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

    def within(self, clip_s: float, video_s: float) -> AlignedPart:
        """The same, ending before the clip and the video do: fingerprints count half seconds."""
        end_s, clip_end_s = min(self.end_s, video_s), min(self.clip_end_s, clip_s)
        return replace(self, end_s=end_s, clip_end_s=clip_end_s)

    def to_json(self) -> dict[str, Any]:
        return {
            "clip_start_s": round(self.clip_start_s, 3),
            "clip_end_s": round(self.clip_end_s, 3),
            "start_s": round(self.start_s, 3),
            "end_s": round(self.end_s, 3),
            "speed": round(self.speed, 3),
            "kind": self.kind,
        }
