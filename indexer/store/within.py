"""The videos that a search for words is confined to, made ready once for all its statements."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Within:
    """Ids of videos, and the range of the ids of their passages; None where they have none."""

    videos: Collection[int]
    lowest: int | None = None
    highest: int | None = None

    @cached_property
    def flags(self) -> bytes:
        """A byte for each video up to the highest id, from 1 on: 1 where it is one of these."""
        flags = bytearray(max(0, max(self.videos, default=0)))
        for video in self.videos:
            if video > 0:
                flags[video - 1] = 1
        return bytes(flags)
