"""Progress of a run on a terminal: share of bytes, rate, and time to go."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import Never

from tqdm import tqdm

from indexer.closing import Closing

_FORMAT = "{percentage:3.0f}% |{bar}| {desc}{postfix} [{elapsed}<{remaining}]"
_SMOOTHING = 0.05  # the time to go follows the last 20 steps or so


@dataclass
class _OpenFile:
    size_bytes: int
    duration_s: float | None
    """What the container claims; without it the file counts when it is finished."""
    encoded_s: float = 0.0

    @property
    def done_bytes(self) -> float:
        if self.duration_s is None:
            return 0.0
        return self.size_bytes * min(1.0, self.encoded_s / self.duration_s)


class Progress(Closing):
    """A bar over the files to be read. Silent where standard error is no terminal.

    It counts bytes: those of finished files, and of a file at work the share of its length that
    has been encoded.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet or not sys.stderr.isatty()
        self._bar: tqdm[Never] | None = None
        self._started = time.monotonic()
        self._video_s = 0.0
        self._files = self._done = 0
        self._total_bytes = self._finished_bytes = 0
        self._open: dict[str, _OpenFile] = {}

    @property
    def share(self) -> float:
        """How much of the work is done, 0 to 1."""
        return min(1.0, self._done_bytes() / max(self._total_bytes, 1))

    def start(self, files: int, size_bytes: int) -> None:
        """There are `files` to look at, `size_bytes` in all."""
        self._files, self._total_bytes, self._started = files, size_bytes, time.monotonic()
        self._bar = tqdm(
            total=max(size_bytes, 1),
            bar_format=_FORMAT,
            disable=self._quiet,
            leave=False,
            miniters=0,
            smoothing=_SMOOTHING,
        )

    def opened(self, content: str, size_bytes: int, duration_s: float | None) -> None:
        """Work begins on a file of `size_bytes` that says to last `duration_s`, if it says so."""
        self._open[content] = _OpenFile(size_bytes, duration_s)

    def encoded(self, content: str, seconds: float, name: str) -> None:
        """`seconds` more of the opened file `content`, called `name`, have been encoded."""
        self._open[content].encoded_s += seconds
        self._video_s += seconds
        self._show(name)

    def closed(self, content: str) -> None:
        """Work on a file ends, well or badly; `finished` follows for it and for its copies."""
        self._open.pop(content, None)

    def finished(self, size_bytes: int, name: str) -> None:
        """A file is done with, one way or another."""
        self._done += 1
        self._finished_bytes += size_bytes
        self._show(name)

    def note(self, what: str) -> None:
        """Say what is at work when no frame is."""
        if self._bar is not None and not self._bar.disable:
            self._bar.set_postfix_str(what[:60])

    def _done_bytes(self) -> float:
        return self._finished_bytes + sum(file.done_bytes for file in self._open.values())

    def _show(self, name: str) -> None:
        if self._bar is None or self._bar.disable:
            return
        rate = self._video_s / max(time.monotonic() - self._started, 1e-6)
        self._bar.set_description_str(f"{self._done}/{self._files} files", refresh=False)
        self._bar.set_postfix_str(f"{rate:.0f}× realtime  {name[:40]}", refresh=False)
        self._bar.update(self._done_bytes() - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
