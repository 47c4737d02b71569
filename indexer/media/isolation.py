"""Decoding in child processes: a crash, a hang or a memory hog costs one file, not the run."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Iterable, Iterator
from multiprocessing.connection import wait
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.closing import Closing
from indexer.errors import DecodeMemoryExceeded
from indexer.media.decoder_process import DecoderProcess
from indexer.media.jobs import (
    DecodeEvent,
    DecodeJob,
    DecodeLimits,
    Failed,
    Finished,
    Frames,
    Opened,
)
from indexer.media.reader import SAMPLE_RATE_HZ, VideoInfo

__all__ = [
    "DecodeEvent",
    "DecodeJob",
    "DecodeLimits",
    "DecoderPool",
    "Failed",
    "Finished",
    "Frames",
    "Opened",
    "read_clip",
    "read_clip_parts",
]

CLIP_FRAMES = round(120 * SAMPLE_RATE_HZ)
"""Longest query clip: two minutes."""
_POLL_S = 1.0


class DecoderPool(Closing):
    """A few long-lived decoding processes. A context manager: leaving it kills and reaps them.

    One `decode` at a time; use it from one thread.
    """

    def __init__(
        self, *, size: int, workers: int | None = None, limits: DecodeLimits | None = None
    ) -> None:
        """Pictures come as `size` x `size`. `workers` defaults to one for each usable core."""
        self._size = size
        self._cores = len(os.sched_getaffinity(0))
        self._workers = workers or self._cores
        self._limits = limits or DecodeLimits()
        self._idle: list[DecoderProcess] = []
        self._busy: list[DecoderProcess] = []

    def close(self) -> None:
        """Kill and reap all processes; jobs at work are lost."""
        while self._idle or self._busy:
            (self._idle or self._busy).pop().stop()

    def decode(self, jobs: Iterable[DecodeJob]) -> Generator[DecodeEvent, None, None]:
        """The events of `jobs`, those of several files interleaved.

        A job is taken only when a process is free for it, tells once that it is `Opened`, gives
        its frames in order, and ends in exactly one `Finished` or `Failed`; of a file that cannot
        be opened only `Failed` comes. A process is at most three batches ahead of the consumer.
        Closing the iterator gives up the jobs at work.
        """
        if self._busy:
            raise RuntimeError("this pool is decoding already")
        remaining = iter(jobs)
        try:
            while True:
                self._assign(remaining)
                if not self._busy:
                    return
                for process in self._ready():
                    event = process.read()
                    if process.died_idle:
                        self._restart(process)
                    self._release(process, event)
                    if event is not None:
                        yield event
                yield from self._overdue()
        finally:
            while self._busy:
                self._busy.pop().stop()

    def _assign(self, remaining: Iterator[DecodeJob]) -> None:
        """Give each free process a job; the last few files share the cores left over."""
        jobs: list[DecodeJob] = []
        while len(self._busy) + len(jobs) < self._workers:
            job = next(remaining, None)
            if job is None:
                break
            jobs.append(job)
        is_last = len(self._busy) + len(jobs) < self._workers
        threads = max(1, self._cores // (len(self._busy) + len(jobs) or 1)) if is_last else 1
        for job in jobs:
            self._start(job, threads)

    def _start(self, job: DecodeJob, threads: int) -> None:
        while self._idle:
            process = self._idle.pop()
            # One that died while idle (or dies right now) has harmed no file.
            with contextlib.suppress(OSError):
                if process.is_alive():
                    process.start(job, threads)
                    self._busy.append(process)
                    return
            process.stop()
        process = DecoderProcess(self._size, self._limits)
        self._busy.append(process)
        process.start(job, threads)

    def _restart(self, process: DecoderProcess) -> None:
        """Give the job of a process that died before it could begin to another."""
        job = process.job
        assert job is not None
        self._busy.remove(process)
        process.stop()
        self._start(job, threads=1)

    def _ready(self) -> list[DecoderProcess]:
        """Those that have something to say, after a wait of at most a second."""
        readable = wait([process.connection for process in self._busy], _POLL_S)
        return [process for process in self._busy if process.connection in readable]

    def _overdue(self) -> Iterator[DecodeEvent]:
        silent = wait([process.connection for process in self._busy], 0)
        for process in list(self._busy):
            if process.connection in silent:
                continue
            failed = process.check()
            if failed is not None:
                self._busy.remove(process)
                yield failed

    def _release(self, process: DecoderProcess, event: DecodeEvent | None) -> None:
        if not isinstance(event, Finished | Failed):
            return
        self._busy.remove(process)
        exhausted = isinstance(event, Failed) and isinstance(event.error, DecodeMemoryExceeded)
        if process.is_alive() and not exhausted:
            self._idle.append(process)
        else:  # after a shortage its memory is in pieces: a fresh one does the next file
            process.stop()


def read_clip(
    path: str | PathLike[str],
    size: int,
    limits: DecodeLimits | None = None,
    *,
    frame_limit: int = CLIP_FRAMES,
) -> tuple[NDArray[np.float64], NDArray[np.uint8], VideoInfo]:
    """Decode a short clip in a process of its own, such as one to search with.

    Returns times (n,) in seconds, images (n, size, size, 3) uint8 RGB, and the description.
    What comes after `frame_limit` frames is left out, and `VideoInfo.warnings` says so.
    Raises a MediaError.
    """
    times, images, end = read_clip_parts(path, size, limits, frame_limit=frame_limit)
    return times, images, end.info


def read_clip_parts(
    path: str | PathLike[str],
    size: int,
    limits: DecodeLimits | None = None,
    *,
    frame_limit: int = CLIP_FRAMES,
    parts: tuple[str, ...] = (),
) -> tuple[NDArray[np.float64], NDArray[np.uint8], Finished]:
    """The same with a reading of `parts`, see `indexer.media.parts`, of the same frames."""
    times: list[NDArray[np.float64]] = []
    images: list[NDArray[np.uint8]] = []
    job = DecodeJob(Path(path), frame_limit=frame_limit, parts=parts)
    with DecoderPool(size=size, workers=1, limits=limits) as pool:
        for event in pool.decode([job]):
            if isinstance(event, Failed):
                raise event.error
            if isinstance(event, Finished):
                return np.concatenate(times), np.concatenate(images), event
            if isinstance(event, Frames):
                times.append(event.times_s)
                images.append(event.images)
    raise AssertionError("a job ends in Finished or Failed")
