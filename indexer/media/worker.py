"""The decoding process: reads jobs from a socket, writes frames to it.

Started by `decoder_process` as `python -m indexer.media.worker FD`; JSON and raw pixels go
over the socket, nothing that is executed on arrival, since what a hostile file makes of this
process must not reach the other.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Queue
from typing import Any

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from indexer.errors import DecodeMemoryExceeded, DecodeTimeout, MediaError, UndecodableVideo
from indexer.media import child, wire
from indexer.media.artwork import ArtworkRecorder
from indexer.media.jobs import BATCH_FRAMES
from indexer.media.orientation import Orientation
from indexer.media.pyav import PyavReader
from indexer.media.recorders import Recorders

_FLUSH_S = 1.0
_BATCHES_AHEAD = 2


class Outbox:
    """Sends from a thread of its own, so that decoding goes on while the parent is busy."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._queue: Queue[tuple[dict[str, Any], NDArray[np.uint8] | None]]
        self._queue = Queue(maxsize=_BATCHES_AHEAD)
        self.last_s = time.monotonic()
        threading.Thread(target=self._run, daemon=True).start()

    def put(self, header: dict[str, Any], images: NDArray[np.uint8] | None = None) -> None:
        """Queue a message; waits while the parent is two batches behind."""
        self._queue.put((header, images))
        self.last_s = time.monotonic()

    def _run(self) -> None:
        while True:
            header, images = self._queue.get()
            try:
                wire.send(self._connection, header, images)
            except OSError:
                os._exit(0)  # the parent is gone


class Decoding:
    """One job at work."""

    def __init__(self, job: dict[str, Any], outbox: Outbox) -> None:
        self._job = job
        self._outbox = outbox
        self._times: list[float] = []
        self._images: list[NDArray[np.uint8]] = []
        self._cpu_start_s = time.process_time()
        self._shown_s = 0.0
        self._artwork: ArtworkRecorder | None = None
        self._recorders = Recorders(job["path"], job["parts"], self._progress)
        self._warnings: list[str] = []

    def run(self) -> dict[str, Any]:
        """Decode the file; returns the last message."""
        try:
            with PyavReader(
                self._job["path"],
                size=self._job["size"],
                threads=self._job["threads"],
                on_progress=self._progress,
                on_coded=self._recorders.coded,
            ) as reader:
                self._announce(reader.declared_duration_s())
                self._read(reader)
                info = asdict(reader.info())
        except BaseException:
            if self._artwork:
                self._artwork.discard()
            raise
        self._flush()
        self._draw(partial(ArtworkRecorder.publish, duration_s=info["duration_s"]))
        reading = self._recorders.finish(info["duration_s"])
        info["warnings"] += (*self._warnings, *self._recorders.warnings)
        return {"kind": "finished", "info": info, "reading": reading.to_json()}

    def _announce(self, duration_s: float | None) -> None:
        usable = duration_s is not None and duration_s > 0  # a damaged header says anything
        self._outbox.put({"kind": "opened", "duration_s": duration_s if usable else None})

    def _read(self, reader: PyavReader) -> None:
        limit = self._job["frame_limit"]
        for count, (time_s, picture) in enumerate(reader.pictures()):
            if count == limit:
                self._warnings.append(f"only the first {limit} frames were read")
                return
            self._shown_s = time_s
            image = reader.squash(picture)
            if count == 0 and self._job["artwork_dir"]:
                self._begin_artwork(reader)
            shown = (time_s, image, picture, reader.orientation(picture))
            self._draw(partial(_add, shown=shown))
            self._recorders.add(*shown, reader.shown_size())
            if self._job["frames"]:
                self._keep(time_s, image)

    def _keep(self, time_s: float, image: NDArray[np.uint8]) -> None:
        self._times.append(time_s)
        self._images.append(image)
        if len(self._times) == BATCH_FRAMES:
            self._flush()

    def _begin_artwork(self, reader: PyavReader) -> None:
        try:
            self._artwork = ArtworkRecorder(
                Path(self._job["artwork_dir"]),
                shown_size=reader.shown_size(),
                duration_s=reader.declared_duration_s(),
            )
        except OSError as error:
            self._warnings.append(f"no poster: {error}")

    def _draw(self, work: Callable[[ArtworkRecorder], None]) -> None:
        """Artwork can be made again: a full disk costs a warning, not the video."""
        if self._artwork is None:
            return
        try:
            work(self._artwork)
        except OSError as error:
            self._warnings.append(f"no poster: {error}")
            self._artwork.discard()
            self._artwork = None

    def _flush(self) -> None:
        if self._times:
            self._outbox.put({"kind": "frames", "times": self._times}, np.stack(self._images))
            self._times, self._images = [], []

    def _progress(self) -> None:
        """Show life, and give up on a file that costs too much."""
        if time.monotonic() - self._outbox.last_s < _FLUSH_S:
            return
        if self._times:
            self._flush()
        else:
            self._outbox.put({"kind": "alive"})
        spent_s = time.process_time() - self._cpu_start_s
        limit_s = self._job["grace_s"] + self._job["per_second_s"] * self._shown_s
        if spent_s > limit_s:
            reason = f"took {spent_s:.0f} s of computing for its first {self._shown_s:.0f} s"
            raise DecodeTimeout(self._job["path"], reason)


def _add(
    artwork: ArtworkRecorder, shown: tuple[float, NDArray[np.uint8], VideoFrame, Orientation]
) -> None:
    artwork.add(*shown)


def serve(connection: Connection) -> None:
    """Do jobs until the parent hangs up."""
    wire.send(connection, {"kind": "ready"})  # not queued: a crash from here on is the file's
    outbox = Outbox(connection)
    while True:
        try:
            job = wire.receive(connection, image_size=0)
        except (EOFError, OSError):
            return
        # Straight away, the queue being empty between jobs: a crash before this harms no file.
        wire.send(connection, {"kind": "accepted"})
        outbox.put(_answer(job, outbox))


def _answer(job: dict[str, Any], outbox: Outbox) -> dict[str, Any]:
    try:
        return Decoding(job, outbox).run()
    except MediaError as error:
        return wire.failure(error)
    except MemoryError:
        return wire.failure(DecodeMemoryExceeded(job["path"], "decoding it ran out of memory"))
    except Exception as error:  # noqa: BLE001 - PyAV's own surprises must cost one file, not the run
        reason = f"cannot be decoded: {type(error).__name__}: {error}"
        return wire.failure(UndecodableVideo(job["path"], reason))


def main() -> None:
    """Entry point of the child process: arguments are the socket's number and the memory limit."""
    fd, memory_bytes = int(sys.argv[1]), int(sys.argv[2])
    child.confine(memory_bytes)
    serve(Connection(fd))


if __name__ == "__main__":
    main()
