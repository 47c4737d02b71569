"""The fingerprints of a library's videos."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from indexer.copies.pictures import Shades
from indexer.errors import CorruptShard
from indexer.media.parts import FINGERPRINT, recipes
from indexer.store.library import Library
from indexer.store.readings import read_reading

logger = logging.getLogger(__name__)


class KnownShades:
    """Reads fingerprints, and says once of each that cannot be read. For several threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._recipe = recipes(screen=False)[FINGERPRINT]
        self._missing: set[str] = set()  # contents of which it was said

    def of(self, videos: Iterable[int]) -> dict[int, Shades]:
        """(cells, 144) by video id, see `indexer.media.fingerprint.decode`.

        Without those of which there is none that compares with a new one.
        """
        shades = {}
        for video in self._library.catalog.videos(set(videos)).values():
            try:
                found = self._read(video.content)
            except (OSError, ValueError, CorruptShard) as error:
                self._warn(video.content, f"{video.path}: {error}")
                continue
            if found is None:
                self._warn(video.content, f"{video.path} has no fingerprint of this version")
            else:
                shades[video.id] = found
        return shades

    def _read(self, content: str) -> Shades | None:
        from indexer.media.fingerprint import decode

        stored = read_reading(self._library.paths.reading(content))
        text = stored.reading.fingerprint
        # two recipes do not compare
        same = stored.recipes.get(FINGERPRINT) == self._recipe
        return decode(text) if same and text is not None else None

    def _warn(self, content: str, reason: str) -> None:
        if content not in self._missing:
            self._missing.add(content)
            logger.warning("What a clip copies of a video is not found: %s", reason)
