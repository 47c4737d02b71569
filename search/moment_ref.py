"""The name of a moment: VIDEO@START-END, as results print it and commands take it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING

from indexer.store.stored_moment import StoredMoment
from search.errors import InvalidQuery

if TYPE_CHECKING:
    from indexer.store.records import VideoRecord
    from search.library_view import LibraryView

_TIMES = re.compile(r"(?P<video>.+)@(?P<start>\d+(?:\.\d+)?)-(?P<end>\d+(?:\.\d+)?)", re.ASCII)
MAX_ID = 2**63 - 1
"""SQL's largest; a bigger number cannot be any video's."""
ROUNDED_S = 0.001
"""By so much a result's name may reach beyond its video."""


@dataclass(frozen=True)
class MomentRef:
    """A stretch of a video that is given by its path, its file name, or its id in digits."""

    video: str
    start_s: float
    end_s: float
    """Seconds, `0 <= start_s < end_s`."""

    @classmethod
    def parse(cls, text: str) -> MomentRef:
        """`holiday.mp4@12.5-18` or `17@12.5-18`. Raises InvalidQuery."""
        found = _TIMES.fullmatch(text.strip())
        if found is None:
            raise InvalidQuery(
                f"{text!r} is no moment. Write VIDEO@START-END in seconds, as results name theirs: "
                "17@12.5-18 or holiday.mp4@12.5-18."
            )
        start_s, end_s = float(found["start"]), float(found["end"])
        if not (start_s < end_s and isfinite(end_s)):
            raise InvalidQuery(f"{text!r}: a moment has to end after it starts.")
        return cls(found["video"], start_s, end_s)

    def __str__(self) -> str:
        return f"{self.video}@{_short(self.start_s)}-{_short(self.end_s)}"

    @property
    def middle_s(self) -> float:
        return (self.start_s + self.end_s) / 2

    def find(self, library: LibraryView) -> VideoRecord:
        """Its video. Raises UnknownVideo."""
        return find_video(self.video, library)

    def within(self, video: VideoRecord) -> MomentRef:
        """Its part in its video. Raises InvalidQuery when the video ends before it."""
        if self.start_s >= video.duration_s:
            raise InvalidQuery(
                f"{self}: {video.path} is {video.duration_s:.1f} s long. Name a moment in it."
            )
        return replace(self, end_s=min(self.end_s, video.duration_s))

    def stored(self, library: LibraryView) -> StoredMoment:
        """As it is kept. Raises UnknownVideo, and InvalidQuery when the video ends before it."""
        video = self.find(library)
        inside = self.within(video)
        if self.end_s <= video.duration_s + ROUNDED_S:
            inside = self  # by the same name that it was kept by before
        return StoredMoment(video.content, inside.start_s, inside.end_s, video.path)


def _short(seconds: float) -> str:
    """To the millisecond, for a cut begins at a picture."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def find_video(name: str, library: LibraryView) -> VideoRecord:
    """The video that has this id in digits, else this path or file name. Raises UnknownVideo."""
    if name.isascii() and name.isdigit() and len(name) < 20:
        return library.video(min(int(name), MAX_ID))
    return library.find(name)
