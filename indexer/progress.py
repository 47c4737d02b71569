"""Progress of a run on a terminal: share of bytes, rate, and time to go."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Never, Self

from tqdm import tqdm

_FORMAT = "{percentage:3.0f}% |{bar}| {desc} {postfix} [{elapsed}<{remaining}]"


class Progress:
    """A bar over the files to be read. Silent where standard error is no terminal."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet or not sys.stderr.isatty()
        self._bar: tqdm[Never] | None = None
        self._started = time.monotonic()
        self._video_s = 0.0
        self._files = self._done = 0

    def start(self, files: int, size_bytes: int) -> None:
        """There are `files` to look at, `size_bytes` in all."""
        self._files, self._started = files, time.monotonic()
        self._bar = tqdm(
            total=max(size_bytes, 1), bar_format=_FORMAT, disable=self._quiet, leave=False
        )

    def encoded(self, seconds: float, name: str) -> None:
        """`seconds` more of the video called `name` have been encoded."""
        self._video_s += seconds
        self._show(name)

    def finished(self, size_bytes: int, name: str) -> None:
        """A file is done with, one way or another."""
        self._done += 1
        if self._bar is not None:
            self._bar.update(size_bytes)
        self._show(name)

    def _show(self, name: str) -> None:
        if self._bar is None or self._bar.disable:
            return
        rate = self._video_s / max(time.monotonic() - self._started, 1e-6)
        self._bar.set_description_str(f"{self._done}/{self._files} files", refresh=False)
        self._bar.set_postfix_str(f"{rate:.0f}× realtime  {name[:40]}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()
