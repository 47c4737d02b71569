"""Reads the parts of a `Reading` that a job asks for, while its file is decoded.

file         tags, chapters and subtitles of the container
shots        where one shot ends and the next begins
fingerprint  what near copies are found by
screen       on-screen text
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from indexer.media.chapters import container_chapters
from indexer.media.container import open_container
from indexer.media.metadata import container_tags
from indexer.media.orientation import Orientation
from indexer.media.reading import Reading

T = TypeVar("T")


class Recorders:
    """The recorders of one file. What one of them cannot read costs a warning, not the video."""

    def __init__(self, path: str, parts: Collection[str]) -> None:
        self._parts = set(parts)
        self._path = path
        self._found: dict[str, Any] = {}
        self.warnings: list[str] = []
        self._try("file", self._read_file)

    def add(
        self,
        time_s: float,
        sample: NDArray[np.uint8],
        picture: VideoFrame,
        orientation: Orientation,
    ) -> None:
        """The next sampled frame, as `ArtworkRecorder.add` gets it."""

    def finish(self, duration_s: float) -> Reading:
        """All that was asked for."""
        return Reading(**self._found)

    def _read_file(self) -> None:
        with open_container(self._path) as container:
            self._found["tags"] = container_tags(container)
            self._found["chapters"] = container_chapters(container)

    def _try(self, part: str, work: Callable[[], T]) -> T | None:
        """Of a part that fails once no more is read."""
        if part not in self._parts:
            return None
        try:
            return work()
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever hostile bytes lead a library to
            self._parts.discard(part)
            self.warnings.append(f"{part} cannot be read: {error or type(error).__name__}")
            return None
