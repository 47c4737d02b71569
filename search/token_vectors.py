"""Vectors of single tokens, made out of shards when they are first asked for, and kept."""

from __future__ import annotations

import logging
import math
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from indexer.errors import CorruptShard
from indexer.store.library import Library
from indexer.store.shards import read_tokens
from model.encoder import Encoder

BLOCK = 8
"""Tokens that are read and kept together: 12 s."""
KEPT_BLOCKS = 2048
"""25 MB at 384 dimensions, seven hours of video."""

Float32 = NDArray[np.float32]
Place = tuple[str, int]
"""A content, and which of its blocks."""

logger = logging.getLogger(__name__)


class TokenVectors:
    """Each token as a clip of its own. Safe to use from several threads."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self._library = library
        self._encoder = encoder
        self._kept: OrderedDict[Place, Float32] = OrderedDict()
        self._unreadable: set[str] = set()
        self._lock = Lock()

    def around(self, ranges: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, Float32]]:
        """By content, of the tokens [first, last) and some around them: the first, and (T, dim).

        All that is not kept is encoded in one go. Without contents whose shard cannot be read.
        """
        places = {
            content: [(content, b) for b in range(first // BLOCK, math.ceil(last / BLOCK))]
            for content, (first, last) in ranges.items()
        }
        blocks = self._blocks(place for wanted in places.values() for place in wanted)
        return {
            content: (wanted[0][1] * BLOCK, np.concatenate([blocks[place] for place in wanted]))
            for content, wanted in places.items()
            if wanted and all(place in blocks for place in wanted)
        }

    def _blocks(self, places: Iterable[Place]) -> dict[Place, Float32]:
        with self._lock:
            found = {place: self._kept.get(place) for place in places}
        known = {place: block for place, block in found.items() if block is not None}
        read = {place: self._read(*place) for place in found if place not in known}
        fresh = self._encode(
            {place: tokens for place, tokens in read.items() if tokens is not None}
        )
        blocks = known | fresh
        with self._lock:
            for place, block in blocks.items():
                self._kept[place] = block
                self._kept.move_to_end(place)
            while len(self._kept) > KEPT_BLOCKS:
                self._kept.popitem(last=False)
        return blocks

    def _encode(self, blocks: Mapping[Place, Float32]) -> dict[Place, Float32]:
        if not blocks:
            return {}
        vectors = self._encoder.encode_clips(list(np.concatenate([*blocks.values()])[:, None, :]))
        bounds = np.cumsum([0, *(len(block) for block in blocks.values())])
        return {place: vectors[a:b] for place, (a, b) in zip(blocks, pairwise(bounds), strict=True)}

    def _read(self, content: str, block: int) -> Float32 | None:
        path = self._library.paths.shard(self._library.generation.manifest.encoder, content)
        try:
            return read_tokens(path, block * BLOCK, (block + 1) * BLOCK).astype(np.float32)
        except (OSError, CorruptShard) as error:
            if content not in self._unreadable:
                self._unreadable.add(content)
                logger.warning("Moments keep the edges of their clips: %s", error)
            return None
