"""A stretch of a video that a part of an uploaded clip was found in."""

from __future__ import annotations

from dataclasses import dataclass

from search.aligned_part import AlignedPart


@dataclass(frozen=True)
class AlignedSpan:
    """One part of the clip in one video."""

    video_id: int
    score: float
    """Of a copy the correlation of its pictures, 0.7 to 1; else the best window's cosine."""
    part: AlignedPart
