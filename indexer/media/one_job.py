"""One piece of work on a hostile file, done by a process of its own."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import DecoderCrashed, DecodeTimeout
from indexer.media import child, wire

_REAP_S = 5.0
_MOST_SAID_BYTES = 1 << 16

logger = logging.getLogger(__name__)


def run_job(
    module: str, job: dict[str, Any], target: Path, *, seconds: float, memory_bytes: int
) -> dict[str, Any]:
    """What `module`, made of `job_worker.serve`, makes of `job`, whose "source" is a file.

    It is killed after `seconds` by the clock. Raises a MediaError for the source, OSError that
    names `target` when that cannot be written, RuntimeError when the process does not start.
    """
    end = _run(module, job, seconds, memory_bytes)
    return _checked(end, Path(job["source"]), target)


@dataclass(frozen=True)
class _End:
    """What a child left behind."""

    code: int | None
    """None when it was killed because it took too long."""
    seconds: float
    """How long it was given."""
    said: bytes
    complained: bytes


def _run(module: str, job: dict[str, Any], seconds: float, memory_bytes: int) -> _End:
    """Run the child to its end, or to that of its time."""
    command = child.command(module, str(memory_bytes), json.dumps(job))
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


def _checked(end: _End, source: Path, target: Path) -> dict[str, Any]:
    """What the child made. Raises what went wrong."""
    if end.code is None:
        raise DecodeTimeout(source, f"working on it took longer than {end.seconds:.0f} s")
    lines = end.said.decode(errors="replace").splitlines()
    if not lines:
        cause = child.describe_end(end.code, end.complained)
        raise RuntimeError(f"The process that decodes does not start: it {cause}")
    if end.code != 0 or len(lines) != 2:
        cause = child.describe_end(end.code, end.complained)
        raise DecoderCrashed(source, f"the decoder {cause}")
    outcome: dict[str, Any] = json.loads(lines[1])
    if outcome["kind"] == "failed":
        raise wire.error_of(outcome)
    if outcome["kind"] == "refused":
        raise OSError(outcome["errno"], outcome["reason"], os.fspath(target))
    if outcome["problems"]:
        logger.info("%s: %s", source, outcome["problems"])
    return outcome
