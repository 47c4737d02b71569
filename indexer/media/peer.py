"""A child process that reads hostile files, and the socket to it."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import subprocess
import tempfile
from collections.abc import Callable
from multiprocessing.connection import Connection

from indexer.media import child

_REAP_S = 5.0


class Peer:
    """Starts at once, and can be killed at any moment; see `child`."""

    def __init__(self, command: Callable[[int], list[str]], stall_s: float) -> None:
        """`command` is what starts it, given the number of its socket.

        Messages that stop half-way for `stall_s` raise BlockingIOError.
        """
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                command(theirs.fileno()),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                pass_fds=[theirs.fileno()],
                env=child.environment(),
            )
        # A peer that freezes inside a message must not freeze this side with it.
        timeout = struct.pack("ll", int(stall_s) + 1, 0)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeout)
        self.connection = Connection(ours.detach())

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """Kill and reap the process."""
        self._process.kill()
        self.connection.close()
        assert self._process.stdin is not None
        self._process.stdin.close()
        # One stuck in the kernel on a dead disk goes when the disk answers.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_REAP_S)
        self._stderr.close()

    def last_words(self) -> str:
        """How it ended, and the last line that it wrote."""
        try:
            code = self._process.wait(_REAP_S)
        except subprocess.TimeoutExpired:
            return "closed its connection"
        self._stderr.seek(max(0, self._stderr.seek(0, os.SEEK_END) - 500))
        return child.describe_end(code, self._stderr.read())
