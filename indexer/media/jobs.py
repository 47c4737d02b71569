"""What goes into the decoder pool and what comes out of it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.errors import MediaError
from indexer.media.reader import VideoInfo
from indexer.media.reading import Reading

BATCH_FRAMES = 16


@dataclass(frozen=True)
class DecodeLimits:
    """What one file may cost before it is given up."""

    stall_s: float = 60.0
    """Longest silence of a decoder at work; a slow consumer does not count."""
    memory_bytes: int = 3 << 30
    """Private memory of a decoding process. With one thread 10-bit HEVC takes 0.3 GB in 4K and
    0.9 GB in 8K, with eight threads 0.4 and 1.2 GB."""
    grace_s: float = 120.0
    """CPU seconds that any file may take, however short."""
    per_second_s: float = 20.0
    """CPU seconds per second of video on top. CPU time, so that a busy machine changes nothing;
    10-bit 8K at 60 fps takes about 3 on a fast core."""


@dataclass(frozen=True)
class DecodeJob:
    """One file to decode."""

    path: Path
    artwork_dir: Path | None = None
    """Where poster and sprite sheets go; None makes none."""
    key: Hashable = None
    """The caller's own; it comes back untouched in each event's `job`."""
    frame_limit: int | None = None
    """Stop after so many frames, with a warning; None reads to the end."""
    frames: bool = True
    """Whether `Frames` are sent; without, only what `parts` names is read."""
    parts: tuple[str, ...] = ()
    """What is read besides frames; see `indexer.media.recorders`."""


@dataclass(frozen=True)
class Opened:
    """The file has a picture track; its frames come next."""

    job: DecodeJob
    duration_s: float | None
    """Seconds, > 0, as the container claims: for showing progress only. None when it says
    nothing."""


@dataclass(frozen=True)
class Frames:
    """The next frames of a file, 1 to 16 of them, in order."""

    job: DecodeJob
    times_s: NDArray[np.float64]
    """(n,) seconds, strictly increasing."""
    images: NDArray[np.uint8]
    """(n, size, size, 3) RGB."""


@dataclass(frozen=True)
class Finished:
    """The file was read to its end; nothing more comes of it."""

    job: DecodeJob
    info: VideoInfo
    reading: Reading = field(default_factory=Reading)
    """The parts that the job asked for."""


@dataclass(frozen=True)
class Failed:
    """The file was given up; frames that came before must be dropped."""

    job: DecodeJob
    error: MediaError


DecodeEvent = Opened | Frames | Finished | Failed
