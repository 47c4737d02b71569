"""Reads the parts of a `Reading` that a job asks for, while its file is decoded."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from indexer.media.chapters import container_chapters
from indexer.media.container import open_container
from indexer.media.fingerprint import Fingerprinter
from indexer.media.metadata import container_tags
from indexer.media.orientation import Orientation
from indexer.media.parts import FILE, FINGERPRINT, SCREEN, SHOTS
from indexer.media.reading import Reading
from indexer.media.screen.reader import RapidReader
from indexer.media.screen.recorder import ScreenRecorder
from indexer.media.shots import ShotDetector
from indexer.media.subtitle_streams import embedded_subtitles


class Recorders:
    """The recorders of one file. What one of them cannot read costs a warning, not the video."""

    def __init__(
        self,
        path: str,
        parts: Collection[str],
        on_progress: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_progress` is called while what the container holds is read."""
        self._on_progress = on_progress
        self._path = path
        self._parts = set(parts)
        self._found: dict[str, Any] = {}
        self._shots = ShotDetector()
        self._fingerprinter = Fingerprinter()
        self._screen: ScreenRecorder | None = None
        self.warnings: list[str] = []
        self._try(FILE, self._read_file)

    def coded(self, time_s: float, size: int, key: bool) -> None:
        """A coded picture, as `PyavReader` tells of it."""
        self._try(SHOTS, lambda: self._shots.coded(time_s, size, key))

    def add(
        self,
        time_s: float,
        sample: NDArray[np.uint8],
        picture: VideoFrame,
        orientation: Orientation,
        shown_size: tuple[int, int],
    ) -> None:
        """The next sampled frame, as `ArtworkRecorder.add` gets it, of a film of `shown_size`."""

        def look() -> None:
            if self._screen is None:
                self._screen = ScreenRecorder(_reader(), shown_size=shown_size)
            self._screen.add(time_s, picture, orientation)

        self._try(SHOTS, lambda: self._shots.add(time_s, sample))
        self._try(FINGERPRINT, lambda: self._fingerprinter.add(time_s, sample))
        self._try(SCREEN, look)

    def finish(self, duration_s: float) -> Reading:
        """All that was asked for."""
        self._try(SHOTS, lambda: self._found.update(shots=self._shots.finish(duration_s)))
        self._try(FINGERPRINT, lambda: self._finish_fingerprint(duration_s))
        self._try(SCREEN, lambda: self._finish_screen(duration_s))
        return Reading(**self._found)

    def _read_file(self) -> None:
        with open_container(self._path) as container:
            self._found["tags"] = container_tags(container)
            self._found["chapters"] = container_chapters(container)
        self._found["subtitles"] = embedded_subtitles(
            self._path, warn=self.warnings.append, on_progress=self._on_progress
        )

    def _finish_fingerprint(self, duration_s: float) -> None:
        self._found["fingerprint"] = self._fingerprinter.finish(duration_s)

    def _finish_screen(self, duration_s: float) -> None:
        if self._screen is not None:
            self._found["screen"] = self._screen.finish(duration_s)
            self.warnings += self._screen.warnings

    def _try(self, part: str, work: Callable[[], None]) -> None:
        """Do it if the part is asked for; when it fails, no more of the part is read."""
        if part not in self._parts:
            return
        try:
            work()
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever hostile bytes lead a library to
            self._parts.discard(part)
            self.warnings.append(f"{part} cannot be read: {error or type(error).__name__}")


@lru_cache(maxsize=1)
def _reader() -> RapidReader:
    """One for all files of this process: its networks take a second to load."""
    return RapidReader()
