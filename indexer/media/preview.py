"""A stretch of any video as an MP4 that every browser plays."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import DecoderCrashed, DecodeTimeout
from indexer.media import child, wire
from indexer.media.jobs import DecodeLimits

LONGEST_S = 600.0
"""What is asked for has a bound, since it is held in memory while it is made."""
PART_SUFFIX = ".part"
"""What a killed process leaves behind beside a preview ends so, and starts with a dot."""
_WALL_PER_SECOND = 2.0
_REAP_S = 5.0
_MOST_SAID_BYTES = 1 << 16

logger = logging.getLogger(__name__)


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
    try:
        end = _run({**job, "start_s": start_s, "end_s": end_s}, limits)
        _check(end, source, target)
        _sync(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@dataclass(frozen=True)
class _End:
    """What a child left behind."""

    code: int | None
    """None when it was killed because it took too long."""
    seconds: float
    """How long it was given."""
    said: bytes
    complained: bytes


def _run(job: dict[str, Any], limits: DecodeLimits) -> _End:
    """Run the child to its end, or to that of its time."""
    seconds = limits.stall_s + _WALL_PER_SECOND * (job["end_s"] - job["start_s"])
    memory = str(limits.memory_bytes)
    command = child.command("indexer.media.preview_worker", memory, json.dumps(job))
    read_end, write_end = os.pipe()  # the child lives while the write end is open
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        try:
            process = subprocess.Popen(
                command,
                stdin=read_end,
                stdout=said,
                stderr=complained,
                env=child.environment(),
            )
            code = _wait(process, seconds)
        finally:
            os.close(read_end)
            os.close(write_end)
        said.seek(0)
        complained.seek(max(0, complained.seek(0, os.SEEK_END) - 500))
        return _End(code, seconds, said.read(_MOST_SAID_BYTES), complained.read())


def _wait(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    """The return code; None when it had to be killed."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        process.kill()
        # One stuck in the kernel on a dead disk goes when the disk answers.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_REAP_S)


def _check(end: _End, source: Path, target: Path) -> None:
    """Raise what went wrong."""
    if end.code is None:
        raise DecodeTimeout(source, f"a preview of it took longer than {end.seconds:.0f} s")
    lines = end.said.decode(errors="replace").splitlines()
    if not lines:
        cause = child.describe_end(end.code, end.complained)
        raise RuntimeError(f"The process that makes previews does not start: it {cause}")
    if end.code != 0 or len(lines) != 2:
        cause = child.describe_end(end.code, end.complained)
        raise DecoderCrashed(source, f"the decoder {cause}")
    outcome = json.loads(lines[1])
    if outcome["kind"] == "failed":
        raise wire.error_of(outcome)
    if outcome["kind"] == "refused":
        raise OSError(outcome["errno"], outcome["reason"], os.fspath(target))
    if outcome["problems"]:
        logger.info("%s: %s", source, outcome["problems"])


def _sync(path: Path) -> None:
    """Else a power failure could leave an empty preview that is taken for a good one."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
