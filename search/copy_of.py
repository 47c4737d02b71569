"""A moment again, in another video."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CopyOf:
    """The same moment in a near copy of its video; seconds."""

    video_id: int
    start_s: float
    end_s: float
