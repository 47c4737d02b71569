"""A closer look at when: the best moments are cut anew out of their videos' tokens."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.errors import CorruptShard
from indexer.segments import TOKEN_S
from indexer.store.library import Library
from indexer.store.records import VideoRecord
from indexer.store.shards import read_tokens
from model.encoder import Encoder
from search.moments import Span
from search.windows import best_windows, pieces

VIDEOS = 10
"""Videos of the best spans that are looked at: what a page shows."""
AROUND_S = 30.0
"""Looked at before and after a span; a moment may grow so far."""
LONGEST_S = 90.0
"""A longer span answers throughout: its edges are as exact as anybody needs, and stay."""
_SAMPLE = 2048

Float32 = NDArray[np.float32]
logger = logging.getLogger(__name__)


class Focus:
    """Cuts spans, which are made of clips of 9 s, to what answers in them."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self._library = library
        self._encoder = encoder
        store = library.generation.vectors
        ids = store.ids()
        chosen = ids[:: max(1, len(ids) // _SAMPLE)]
        self._mean = store.vectors(chosen).mean(0) if len(ids) else np.zeros(store.dim, np.float32)

    def sharpen(self, vector: Float32, spans: Sequence[Span]) -> list[Span]:
        """Spans, best first, those of one video disjoint, with the best cut anew.

        `spans` are best first. A window's score is its cosine to the query `vector` (dim,), as
        that of a clip is. Where a shard cannot be read its spans stay as they are.
        """
        leaders: dict[int, Span] = {}
        for span in spans:
            if len(leaders) < VIDEOS:
                leaders.setdefault(span.video_id, span)
        videos = self._library.catalog.videos(set(leaders))
        shots = self._library.catalog.words.shots(set(leaders))
        sharp: list[Span] = []
        for video_id, leader in leaders.items():
            if video_id in videos and leader.end_s - leader.start_s <= LONGEST_S:
                sharp += self._cut(vector, leader, videos[video_id], shots.get(video_id, ()))
        rest = [span for span in spans if not any(_overlap(span, one) for one in sharp)]
        return sorted([*sharp, *rest], key=lambda s: (-s.score, s.video_id, s.start_s))

    def _cut(
        self, vector: Float32, span: Span, video: VideoRecord, shots: Sequence[float]
    ) -> list[Span]:
        """The windows around `span`, best first."""
        first = max(0, int((span.start_s - AROUND_S) / TOKEN_S))
        last = math.ceil(min(span.end_s + AROUND_S, video.duration_s) / TOKEN_S)
        tokens = self._vectors(video, first, last)
        if not len(tokens):
            return []
        from_s = first * TOKEN_S
        inner = [shot - from_s for shot in shots if shot > from_s]
        until_s = min(video.duration_s - from_s, len(tokens) * TOKEN_S)
        parts = pieces(inner, len(tokens), until_s)
        shown = tokens[[part.token for part in parts]]
        lengths_s = np.array([part.end_s - part.start_s for part in parts])
        windows = best_windows(
            (shown @ vector).astype(np.float64), lengths_s, float(self._mean @ vector)
        )
        found = []
        for a, b in windows:
            whole = (shown[a:b] * lengths_s[a:b, None]).sum(0)
            cosine = float(whole @ vector / np.linalg.norm(whole))
            times = (from_s + parts[a].start_s, from_s + parts[b - 1].end_s)
            found.append(Span(span.video_id, *times, cosine))
        return found

    def _vectors(self, video: VideoRecord, first: int, last: int) -> Float32:
        """(last - first, dim) of single tokens, each a clip of its own; none without a shard."""
        encoder = self._library.generation.manifest.encoder
        path = self._library.paths.shard(encoder, video.content)
        try:
            tokens = read_tokens(path, first, last).astype(np.float32)
        except (OSError, CorruptShard) as error:
            logger.warning("Moments keep the edges of their clips, without a shard: %s", error)
            return np.empty((0, self._encoder.dim), np.float32)
        return self._encoder.encode_clips(list(tokens[:, None, :]))


def _overlap(a: Span, b: Span) -> bool:
    return a.video_id == b.video_id and a.start_s < b.end_s and b.start_s < a.end_s
