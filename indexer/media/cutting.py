"""A stretch of a video as a file of its own: copied as it is where that is exact, else re-encoded.

Exact means: the first picture is the first one that starts at or after the start, and all pictures
start before the end. A copy can only begin at a key picture, and only end where no picture that
is kept refers to one that is not.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import DecodeTimeout
from indexer.media.jobs import DecodeLimits
from indexer.media.one_job import run_job
from indexer.media.placing import part_of, place, require_free

MUXERS = {
    "mov,mp4,m4a,3gp,3g2,mj2": {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov"},
    "matroska,webm": {".mkv": "matroska", ".webm": "webm"},
}
"""FFmpeg's reader -> extension -> its writer, of what can be copied. The others have no exact
times, or times that jump."""
ENCODED = ".mp4"
"""The extension of what is re-encoded."""
LONGEST_S = 3600.0
_PIXELS_4K = 3840 * 2160
_WALL_PER_SECOND_4K = 20.0
"""On a small and busy machine 4K of 60 pictures a second takes about 10."""
_LEAST_WALL_S = 300.0
"""A short stretch too may lie behind a slow disk, or far from a key picture."""
_TIMED_OUT = "Cut a shorter stretch, copy it with --fast (fast=1), or cut while less is going on."


@dataclass(frozen=True)
class Cut:
    """A stretch that was written."""

    path: Path
    start_s: float
    end_s: float
    """Where in its video the first picture starts and the last one ends."""
    copied: bool
    """Whether the file's own packets were kept; else it was re-encoded."""
    reason: str
    """Why it was not copied; empty when it was."""

    def to_json(self) -> dict[str, Any]:
        """The shape that commands print."""
        times = {"start_s": round(self.start_s, 3), "end_s": round(self.end_s, 3)}
        about = {"copied": self.copied, "reason": self.reason}
        return {"file": os.fspath(self.path), **times, **about}


@dataclass(frozen=True)
class CutTarget:
    """Where a cut goes."""

    folder: Path
    stem: str
    extension: str = ""
    """With the dot. Empty: the video's own when it is copied, `ENCODED` when it is re-encoded."""
    overwrite: bool = False

    def path(self, extension: str) -> Path:
        return self.folder / f"{self.stem}{extension}"


def cut(
    source: Path,
    start_s: float,
    end_s: float,
    target: CutTarget,
    *,
    fast: bool = False,
    pixels: int = _PIXELS_4K,
    limits: DecodeLimits | None = None,
) -> Cut:
    """Write the stretch of `source` from `start_s` to `end_s`, seconds, with picture and sound.

    Of the film and its sound track; time 0 of the new file is its first picture. Re-encoded it is
    H.264 (8 bit) of the same size, turned the same way, shown at the same times, with AAC stereo.
    `fast` copies what can be copied, from the key picture before the start on.

    Made in a process of its own with `limits`, which is killed when it takes much longer than the
    length, and pictures of so many `pixels`, need on a small machine. The file appears whole or
    not at all. Raises a MediaError for the source, indexer.errors.TargetExists, OSError for the
    target, ValueError for no stretch of at most `LONGEST_S` and for an extension that can be
    neither copied nor encoded.
    """
    if not 0 <= start_s < end_s <= start_s + LONGEST_S:
        raise ValueError(f"no stretch of at most {LONGEST_S:g} s: {start_s} to {end_s}")
    _require_free(source, target)
    limits = limits or DecodeLimits()
    with part_of(target.folder) as part:
        job = {
            "source": os.fspath(source),
            "target": os.fspath(part),
            "start_s": start_s,
            "end_s": end_s,
            "fast": fast,
            "extension": target.extension.lower(),
            "own_extension": source.suffix.lower(),
        }
        seconds = limits.stall_s + _allowed_s(start_s, end_s, pixels)
        done = _made(job, target.path(target.extension), seconds, limits.memory_bytes)
        path = target.path(target.extension or done["extension"])
        place(part, path, overwrite=target.overwrite)
    return Cut(path, done["start_s"], done["end_s"], done["copied"], done["reason"])


def _allowed_s(start_s: float, end_s: float, pixels: int) -> float:
    """How long a cut may take by the clock.

    Encoding takes time by its length and the `pixels` of a picture; and what cannot be sought in is
    read from its start.
    """
    per_second = _WALL_PER_SECOND_4K * max(pixels / _PIXELS_4K, 0.5)
    return max(_LEAST_WALL_S, per_second * (end_s - start_s)) + start_s


def _made(job: dict[str, Any], target: Path, seconds: float, memory_bytes: int) -> dict[str, Any]:
    """What the worker made. Raises as `cut` does."""
    module = "indexer.media.cut_worker"
    try:
        return run_job(module, job, target, seconds=seconds, memory_bytes=memory_bytes)
    except DecodeTimeout as error:
        raise DecodeTimeout(error.path, error.reason, _TIMED_OUT) from error


def _require_free(source: Path, target: CutTarget) -> None:
    """Before the work; a name that is known only afterwards is looked at again in the end."""
    if target.overwrite:
        return
    names = [target.extension] if target.extension else [source.suffix, ENCODED]
    if all(os.path.lexists(target.path(name)) for name in names):
        require_free(target.path(names[-1]))
