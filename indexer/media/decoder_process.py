"""One decoding process, seen from the parent."""

from __future__ import annotations

import os
import time
from typing import Any

import numpy as np

from indexer.errors import DecoderCrashed, DecodeTimeout, MediaError
from indexer.media import child, wire
from indexer.media.jobs import (
    DecodeEvent,
    DecodeJob,
    DecodeLimits,
    Failed,
    Finished,
    Frames,
    Opened,
)
from indexer.media.peer import Peer
from indexer.media.staging import remove_partial

_LONGEST_STEP_S = 5.0


class DecoderProcess:
    """Starts at once; does one job at a time; can be killed at any moment. See `child`."""

    def __init__(self, size: int, limits: DecodeLimits) -> None:
        self._size = size
        self._limits = limits
        self.job: DecodeJob | None = None
        self._started = False
        self._veteran = False
        """Whether it has done a job."""
        self._accepted = False
        self.died_idle = False
        """Set when it turns out that it was dead before it began its job."""
        self._silent_s = 0.0
        self._checked_s = time.monotonic()
        self._peer = Peer(self._command, limits.stall_s)
        self.connection = self._peer.connection

    def _command(self, fd: int) -> list[str]:
        return child.command("indexer.media.worker", str(fd), str(self._limits.memory_bytes))

    def is_alive(self) -> bool:
        """Whether the process can take a job."""
        return self._peer.is_alive()

    def start(self, job: DecodeJob, threads: int) -> None:
        """Begin `job`. Raises OSError when the process has died since its last job."""
        folder = job.artwork_dir
        header = {
            "path": os.fspath(job.path),
            "artwork_dir": os.fspath(folder) if folder else None,
            "frame_limit": job.frame_limit,
            "frames": job.frames,
            "parts": job.parts,
            "size": self._size,
            "threads": threads,
            "grace_s": self._limits.grace_s,
            "per_second_s": self._limits.per_second_s,
        }
        self._silent_s = 0.0
        self._checked_s = time.monotonic()
        try:
            wire.send(self.connection, header)
        except OSError:
            if not self._started:
                raise RuntimeError(self._start_failure()) from None
            raise
        self.job = job
        self._accepted = False

    def read(self) -> DecodeEvent | None:
        """The event that has arrived; None for a sign of life. Call when readable."""
        self._silent_s = 0.0
        self._checked_s = time.monotonic()
        try:
            return self._event(wire.receive(self.connection, image_size=self._size))
        except BlockingIOError:
            return self._fail(self._stalled(self._limits.stall_s))
        except (EOFError, OSError):
            self.died_idle = self._veteran and not self._accepted
            return None if self.died_idle else self._fail(self._crash())

    def check(self) -> Failed | None:
        """Call when nothing has arrived: counts the silence, and ends it when it is too long.

        Steps count as 5 s at most, so that a machine put to sleep is not taken for a stall.
        """
        now_s = time.monotonic()
        self._silent_s += min(now_s - self._checked_s, _LONGEST_STEP_S)
        self._checked_s = now_s
        if self._silent_s <= self._limits.stall_s:
            return None
        return self._fail(self._stalled(self._silent_s))

    def stop(self) -> None:
        """Kill and reap the process; what its job has left half written is removed."""
        self._peer.stop()
        if self.job and self.job.artwork_dir:
            remove_partial(self.job.artwork_dir)
        self.job = None

    def _event(self, message: dict[str, Any]) -> DecodeEvent | None:
        job = self.job
        kind = message["kind"]
        if kind in ("ready", "alive"):
            self._started = True
            return None
        if kind == "accepted":
            self._accepted = True
            return None
        assert job is not None
        if kind == "opened":
            return Opened(job, message["duration_s"])
        if kind == "frames":
            return Frames(job, np.array(message["times"]), message["images"])
        self.job = None
        self._veteran = True
        if kind == "finished":
            return Finished(job, wire.info_of(message), wire.reading_of(message))
        return Failed(job, wire.error_of(message))

    def _fail(self, error: MediaError) -> Failed:
        job = self.job
        assert job is not None
        self.stop()
        return Failed(job, error)

    def _stalled(self, silent_s: float) -> DecodeTimeout:
        assert self.job is not None
        reason = f"decoding made no progress for {silent_s:.0f} s"
        return DecodeTimeout(self.job.path, reason)

    def _crash(self) -> DecoderCrashed:
        if not self._started:
            raise RuntimeError(self._start_failure())
        assert self.job is not None
        return DecoderCrashed(self.job.path, f"the decoder {self._peer.last_words()}")

    def _start_failure(self) -> str:
        return f"The decoding process does not start: it {self._peer.last_words()}"
