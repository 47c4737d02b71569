"""The contract of a video reader: a few small square pictures a second, with their times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 2.0


@dataclass(frozen=True)
class VideoInfo:
    """What is known of a video once it was read to its end."""

    duration_s: float
    """End of the last frame, seconds from the start of the presentation, > 0."""
    width: int
    height: int
    """Pixels as displayed: rotation and sample aspect ratio applied, >= 1."""
    fps: float | None
    """Average frames per second; None when the stream has no rate."""
    codec: str
    container: str
    frame_count: int
    """Frames sampled, not frames in the file."""
    warnings: tuple[str, ...] = ()
    """What was wrong with a file that could be read nevertheless."""


@dataclass(frozen=True)
class Frame:
    """One displayed picture."""

    time_s: float
    """When it is on screen, seconds from the start of the presentation (a browser's
    currentTime), >= 0."""
    image: NDArray[np.uint8]
    """(size, size, 3) RGB: the whole picture squashed to a square, upright."""


class VideoReader(Protocol):
    """Reads one file once, from start to end."""

    def frames(self) -> Iterator[Frame]:
        """The picture of each half-second cell, at strictly increasing times.

        That is the first to appear in the cell, at the time it appears. Where none appears, the
        one on screen counts: it comes at the cell's start, unless it came before. So a picture
        that stays comes once, and the consumer fills forward.
        Raises a MediaError when not one frame can be decoded.
        """
        ...

    def info(self) -> VideoInfo:
        """Complete after `frames()` is exhausted."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def open_video(path: str | PathLike[str], *, size: int, threads: int = 1) -> VideoReader:
    """Open `path` for sampling at `size` x `size`. Raises a MediaError."""
    from indexer.media.pyav import PyavReader  # here, so that importing the contract stays light

    return PyavReader(path, size=size, threads=threads)
