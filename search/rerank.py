"""A second look at the best answers: VideoBERT reads the words and the clip together.

The vectors of the index know nothing of the question. The alignment head does: one pass of the
network for each pair of question and clip (Sun et al. 2019, section 3.2), too slow for a whole
library, affordable for the first twenty (the two stages of UniVL, Luo et al. 2020).
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.errors import CorruptShard
from indexer.segments import TOKEN_S
from indexer.store.library import Library
from indexer.store.shards import read_tokens
from model.encoder import Aligner, Encoder, Float32
from search.errors import InvalidQuery

TOP = 20
"""Answers that are looked at again."""
MOST_TOKENS = 6
"""Of an answer, evenly spaced: the network was trained on tokens with gaps, and attention to all of
a long moment would be the slowest part of a search."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stretch:
    """A part of a video of the library, in seconds."""

    video_id: int
    start_s: float
    end_s: float


class Reranker:
    """Moves the best answers among themselves; what comes after them stays where it is.

    An answer's new score is its cosine + `weight` x the log-probability that clip and words belong
    together. One whose tokens cannot be read keeps its place.
    """

    def __init__(self, library: Library, aligner: Aligner, weight: float) -> None:
        self._library = library
        self._aligner = aligner
        self._weight = weight
        self._unreadable: set[str] = set()  # contents of which it was said

    def order(
        self, text: str, stretches: Sequence[Stretch], scores: Sequence[float]
    ) -> NDArray[np.intp]:
        """The positions of `stretches`, which come best first, in their new order."""
        order = np.arange(len(stretches))
        tokens = self._tokens(stretches[:TOP]) if self._weight else {}
        if not tokens:
            return order
        places = np.array(list(tokens))
        log_odds = self._aligner.alignment(text, list(tokens.values())).astype(np.float64)
        log_probability = -np.logaddexp(0.0, -log_odds)
        moved = np.asarray(scores)[places] + self._weight * log_probability
        order[places] = places[np.argsort(-moved, kind="stable")]
        return order

    def warm_up(self, feature_dim: int) -> None:
        """Load the network."""
        self._aligner.alignment("warm up", [np.zeros((1, feature_dim), np.float32)])

    def _tokens(self, stretches: Sequence[Stretch]) -> dict[int, Float32]:
        """By position, the tokens that a stretch is made of, out of its video's shard.

        Without those whose video has lost its file, or whose shard cannot be read.
        """
        videos = self._library.catalog.videos({s.video_id for s in stretches})
        found = {}
        for place, stretch in enumerate(stretches):
            if stretch.video_id not in videos:
                continue
            content = videos[stretch.video_id].content
            try:
                found[place] = self._cut(content, stretch)
            except (OSError, CorruptShard) as error:
                self._warn(content, error)
        return found

    def _warn(self, content: str, error: Exception) -> None:
        if content not in self._unreadable:
            self._unreadable.add(content)
            logger.warning("Moments keep the place of the first look, without a shard: %s", error)

    def _cut(self, content: str, stretch: Stretch) -> Float32:
        """(tokens, F), at least one."""
        first, last = int(stretch.start_s / TOKEN_S), math.ceil(stretch.end_s / TOKEN_S)
        tokens = read_tokens(self._shard(content), first, last)
        return tokens[:: -(-len(tokens) // MOST_TOKENS)].astype(np.float32)

    def _shard(self, content: str) -> Path:
        encoder = self._library.generation.manifest.encoder
        return self._library.paths.shard(encoder, content)


def reranker_for(library: Library, encoder: Encoder, weight: float | None) -> Reranker | None:
    """The second look of a library; `weight` None is what the encoder was validated with.

    None where there is none, or `weight` is 0. Raises InvalidQuery when one is asked for that the
    encoder cannot take.
    """
    if not isinstance(encoder, Aligner):
        if weight:
            raise InvalidQuery("The library's model cannot rerank. Leave --rerank away.")
        return None
    chosen = encoder.rerank_weight if weight is None else weight
    return Reranker(library, encoder, chosen) if chosen else None
