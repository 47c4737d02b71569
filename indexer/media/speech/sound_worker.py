"""The process that decodes the sound of one file: JSON and raw samples go over a socket.

Started by `sound` as `python -m indexer.media.speech.sound_worker FD MEMORY JOB`.
"""

from __future__ import annotations

import json
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from indexer.errors import DecodeMemoryExceeded, DecodeTimeout, MediaError, UndecodableSound
from indexer.media import child, wire
from indexer.media.speech.film_sound import BLOCK, FilmSound, Sound

_ALIVE_S = 1.0


class Sending:
    """One file at work. The parent may be slow: then this waits, and costs nothing."""

    def __init__(self, connection: Connection, job: dict[str, Any]) -> None:
        self._connection = connection
        self._job = job
        self._said_s = time.monotonic()

    def run(self) -> dict[str, Any]:
        """Send the sound; returns the last message. Raises a MediaError."""
        sound = FilmSound(Path(self._job["path"]), self._progress)
        waiting: list[Sound] = []
        for block in sound.blocks():
            waiting.append(block)
            if sum(map(len, waiting)) >= BLOCK:
                self._send(np.concatenate(waiting))
                waiting = []
        if waiting:
            self._send(np.concatenate(waiting))
        return {"kind": "finished", "problems": sound.problems}

    def _send(self, samples: Sound) -> None:
        """In pieces that the parent takes: a frame of sound may be of any length."""
        for start in range(0, len(samples), BLOCK):
            piece = np.ascontiguousarray(samples[start : start + BLOCK])
            wire.send(self._connection, {"kind": "sound", "count": len(piece)})
            self._connection.send_bytes(piece.data.cast("B"))
        self._said_s = time.monotonic()

    def _progress(self, heard_s: float) -> None:
        """Show life, and give up on a file that costs too much."""
        spent_s = time.process_time()
        if spent_s > self._job["grace_s"] + self._job["per_second_s"] * heard_s:
            reason = f"took {spent_s:.0f} s of computing for its first {heard_s:.0f} s of sound"
            raise DecodeTimeout(self._job["path"], reason)
        if time.monotonic() - self._said_s >= _ALIVE_S:
            wire.send(self._connection, {"kind": "alive"})
            self._said_s = time.monotonic()


def _answer(connection: Connection, job: dict[str, Any]) -> dict[str, Any]:
    path = job["path"]
    try:
        return Sending(connection, job).run()
    except MediaError as error:
        return wire.failure(error)
    except MemoryError:
        return wire.failure(DecodeMemoryExceeded(path, "decoding its sound ran out of memory"))
    except (BrokenPipeError, ConnectionResetError):
        sys.exit(0)  # the parent has heard enough
    except Exception as error:  # noqa: BLE001 - PyAV's own surprises are told as the file's
        reason = f"its sound cannot be decoded: {type(error).__name__}: {error}"
        return wire.failure(UndecodableSound(path, reason))


def main() -> None:
    """Entry point of the child process."""
    connection = Connection(int(sys.argv[1]))
    child.confine(int(sys.argv[2]))
    wire.send(connection, {"kind": "ready"})  # a crash from here on is the file's
    wire.send(connection, _answer(connection, json.loads(sys.argv[3])))


if __name__ == "__main__":
    main()
