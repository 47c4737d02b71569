"""What the CNN saw in some seconds of the library's videos, out of their shards."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.errors import CorruptShard
from indexer.segments import TOKEN_S
from indexer.store.library import Library
from indexer.store.shards import read_tokens

Float32 = NDArray[np.float32]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stretch:
    """A part of a video of the library, in seconds."""

    video_id: int
    start_s: float
    end_s: float


class StretchTokens:
    """Reads tokens of one generation's videos, and says once of each that cannot be read."""

    def __init__(self, library: Library, most: int) -> None:
        """`most` tokens are read of a stretch; of a longer one so many, evenly spaced."""
        self._library = library
        self._most = most
        self._unreadable: set[str] = set()  # contents of which it was said

    def of(self, stretches: Sequence[Stretch]) -> dict[int, Float32]:
        """By position (tokens, feature_dim), at least one token each.

        Without those whose video has lost its file, or whose shard cannot be read.
        """
        videos = self._library.catalog.videos({one.video_id for one in stretches})
        found = {}
        for place, one in enumerate(stretches):
            if one.video_id not in videos:
                continue
            content = videos[one.video_id].content
            try:
                found[place] = self._cut(content, one)
            except (OSError, CorruptShard) as error:
                self._warn(content, error)
        return found

    def _cut(self, content: str, stretch: Stretch) -> Float32:
        encoder = self._library.generation.manifest.encoder
        first, last = int(stretch.start_s / TOKEN_S), math.ceil(stretch.end_s / TOKEN_S)
        tokens = read_tokens(self._library.paths.shard(encoder, content), first, last)
        return tokens[:: -(-len(tokens) // self._most)].astype(np.float32)

    def _warn(self, content: str, error: Exception) -> None:
        if content not in self._unreadable:
            self._unreadable.add(content)
            logger.warning("Moments keep the place of the first look, without a shard: %s", error)
