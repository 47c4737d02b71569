"""The sound of any file, decoded in a process of its own."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Generator, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from indexer.errors import DecoderCrashed, DecodeTimeout
from indexer.media import child, wire
from indexer.media.jobs import DecodeLimits
from indexer.media.speech.film_sound import BLOCK, RATE_HZ, Sound

__all__ = ["RATE_HZ", "Sound", "read_sound"]

_LONGEST_STEP_S = 5.0
_POLL_S = 1.0
_REAP_S = 5.0

logger = logging.getLogger(__name__)


def read_sound(path: Path, limits: DecodeLimits | None = None) -> Generator[Sound, None, None]:
    """The sound that belongs to the film, as (n,) int16 mono at 16 kHz, 0 < n <= 16,000.

    Blocks follow each other; sample i of all is heard i / 16,000 s after the start of the
    presentation. What is missing is silence, what is heard before the picture is left out.

    The process is a second or so ahead of the consumer, and dies when the iterator is closed.
    Raises a MediaError: NoSound for a silent film, DecodeTimeout when nothing comes for
    `limits.stall_s`, DecoderCrashed, and so on. Blocks that came before it are good.
    """
    process = _SoundProcess(path, limits or DecodeLimits())
    try:
        yield from process.blocks()
    finally:
        process.stop()


class _SoundProcess:
    """The process that decodes one file; see `child`."""

    def __init__(self, path: Path, limits: DecodeLimits) -> None:
        self._path = path
        self._limits = limits
        self._started = False
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                self._command(theirs.fileno()),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                pass_fds=[theirs.fileno()],
                env=child.environment(),
            )
        # A peer that freezes inside a message must not freeze this side with it.
        timeout = struct.pack("ll", int(limits.stall_s) + 1, 0)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeout)
        self._connection = Connection(ours.detach())

    def _command(self, fd: int) -> list[str]:
        limits = self._limits
        costs = {"grace_s": limits.grace_s, "per_second_s": limits.per_second_s}
        job = json.dumps({"path": os.fspath(self._path), **costs})
        memory = str(limits.memory_bytes)
        return child.command("indexer.media.speech.sound_worker", str(fd), memory, job)

    def blocks(self) -> Iterator[Sound]:
        while True:
            message = self._receive()
            self._started = True
            if message["kind"] == "sound":
                yield message["samples"]
            elif message["kind"] == "failed":
                raise wire.error_of(message)
            elif message["kind"] == "finished":
                if message["problems"]:
                    logger.info("%s: %s", self._path, message["problems"])
                return

    def stop(self) -> None:
        """Kill and reap the process."""
        self._process.kill()
        self._connection.close()
        assert self._process.stdin is not None
        self._process.stdin.close()
        # One stuck in the kernel on a dead disk goes when the disk answers.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_REAP_S)
        self._stderr.close()

    def _receive(self) -> dict[str, Any]:
        """The next message. Raises a MediaError when there will be none."""
        try:
            self._wait()
            message = wire.receive(self._connection, image_size=0)
            if message["kind"] == "sound":
                message["samples"] = self._samples(message["count"])
        except BlockingIOError:
            raise self._stalled() from None
        except (EOFError, OSError):
            raise self._crash() from None
        return message

    def _wait(self) -> None:
        """Until something has arrived. Raises DecodeTimeout.

        Steps count as 5 s at most, so that a machine put to sleep is not taken for a stall.
        """
        silent_s = 0.0
        while True:
            began_s = time.monotonic()
            if self._connection.poll(_POLL_S):
                return
            silent_s += min(time.monotonic() - began_s, _LONGEST_STEP_S)
            if silent_s > self._limits.stall_s:
                raise self._stalled()

    def _samples(self, count: int) -> Sound:
        if not 0 < count <= BLOCK:
            raise OSError(f"{count} samples were not expected")
        samples = np.empty(count, np.int16)
        self._connection.recv_bytes_into(samples.data.cast("B"))
        return samples

    def _stalled(self) -> DecodeTimeout:
        reason = f"decoding its sound made no progress for {self._limits.stall_s:.0f} s"
        return DecodeTimeout(self._path, reason)

    def _crash(self) -> DecoderCrashed:
        words = self._last_words()
        if not self._started:
            raise RuntimeError(f"The process that decodes sound does not start: it {words}")
        return DecoderCrashed(self._path, f"the decoder of its sound {words}")

    def _last_words(self) -> str:
        """How it ended, and the last line that it wrote."""
        try:
            code = self._process.wait(_REAP_S)
        except subprocess.TimeoutExpired:
            return "closed its connection"
        self._stderr.seek(max(0, self._stderr.seek(0, os.SEEK_END) - 500))
        return child.describe_end(code, self._stderr.read())
