"""A stretch of any video as an MP4 that every browser plays."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from indexer.media.jobs import DecodeLimits
from indexer.media.one_job import run_job
from indexer.media.placing import PART_SUFFIX, place

LONGEST_S = 600.0
"""What is asked for has a bound, since it is held in memory while it is made."""
_WALL_PER_SECOND = 2.0


def make_preview(
    source: Path,
    target: Path,
    start_s: float,
    end_s: float,
    limits: DecodeLimits | None = None,
) -> None:
    """Write the stretch of `source` from `start_s` to `end_s`, in seconds, to `target` (MP4).

    H.264 of at most 640 x 1280 pixels, upright, with AAC sound where there is any; its time 0 is
    `start_s`, and it ends with the video if that ends before `end_s`. At most 10 minutes.

    Made in a process of its own, which is killed when it takes longer than `limits.stall_s` and
    twice the stretch, by the clock. `target` appears whole or not at all; the folder is made.
    Raises a MediaError for the source, OSError for the target, ValueError for no such stretch.
    """
    if not 0 <= start_s < end_s <= start_s + LONGEST_S:
        raise ValueError(f"no stretch of at most {LONGEST_S:g} s: {start_s} to {end_s}")
    target.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own: another process may be making the same one.
    part = target.with_name(f".{target.name}.{uuid.uuid4().hex}{PART_SUFFIX}")
    limits = limits or DecodeLimits()
    job = {"source": os.fspath(source), "target": os.fspath(part)}
    seconds = limits.stall_s + _WALL_PER_SECOND * (end_s - start_s)
    try:
        run_job(
            "indexer.media.preview_worker",
            {**job, "start_s": start_s, "end_s": end_s},
            target,
            seconds=seconds,
            memory_bytes=limits.memory_bytes,
        )
        place(part, target, overwrite=True)
    finally:
        part.unlink(missing_ok=True)
