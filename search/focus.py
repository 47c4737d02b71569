"""A closer look at when: the best moments are cut anew out of their videos' tokens."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.segments import TOKEN_S
from indexer.store.library import Library
from indexer.store.records import VideoRecord
from model.encoder import Encoder
from search.apart import apart
from search.moments import Span
from search.samples import sample_of
from search.token_vectors import TokenVectors
from search.windows import best_windows, pieces

VIDEOS = 10
"""Videos of the best spans that are looked at: what a page shows."""
AROUND_S = 9.0
"""Looked at before and after a span; a moment may grow so far."""
LONGEST_S = 90.0
"""A longer span answers throughout: its edges are as exact as anybody needs, and stay."""

Float32 = NDArray[np.float32]


class Focus:
    """Cuts spans, which are made of clips of 9 s, to what answers in them."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self._library = library
        self._tokens = TokenVectors(library, encoder)

    @cached_property
    def _mean(self) -> Float32:
        """(dim,) of the library's clips; read with the first question, not when it is opened."""
        sample = sample_of(self._library.generation.vectors)
        return sample.mean(0) if len(sample) else np.zeros(sample.shape[1], np.float32)

    def sharpen(self, vector: Float32, spans: Sequence[Span]) -> list[Span]:
        """Spans, best first, those of one video disjoint, with the best cut anew.

        `spans` are best first. The best window of a span has its score, others have as much less
        as their cosine to the query `vector` (dim,) is less. Where a shard cannot be read its spans
        stay as they are.
        """
        leaders: dict[int, Span] = {}
        for span in spans:
            if len(leaders) == VIDEOS:
                break
            leaders.setdefault(span.video_id, span)
        blunt = [span for span in leaders.values() if span.end_s - span.start_s <= LONGEST_S]
        windows = self._windows(vector, blunt)
        cut = [window for span in spans for window in windows.get(span, (span,))]
        return apart(sorted(cut, key=lambda one: -one.score))  # those that are level stay in order

    def _windows(self, vector: Float32, spans: Sequence[Span]) -> dict[Span, list[Span]]:
        """The windows around `spans`, each of another video, by the span that they replace."""
        ids = {span.video_id for span in spans}
        videos = self._library.catalog.videos(ids)
        shots = self._library.catalog.words.shots(ids)
        spans = [span for span in spans if span.video_id in videos]
        vectors = self._tokens.around(
            {videos[s.video_id].content: _around(s, videos[s.video_id]) for s in spans}
        )
        background = float(self._mean @ vector)
        found = {}
        for span in spans:
            video = videos[span.video_id]
            if video.content in vectors:
                first, tokens = vectors[video.content]
                stretch = _Stretch(video, first * TOKEN_S, tokens)
                if windows := stretch.spans(vector, background, shots.get(video.id, ())):
                    found[span] = _ranked_as(span, windows)
        return found


@dataclass(frozen=True)
class _Stretch:
    """Some tokens (T, dim) of a video, from `from_s` on."""

    video: VideoRecord
    from_s: float
    tokens: Float32

    def spans(self, query: Float32, background: float, shots: Sequence[float]) -> list[Span]:
        """The best windows, best first, as spans of the video."""
        length_s = min(self.video.duration_s - self.from_s, len(self.tokens) * TOKEN_S)
        parts = pieces([s - self.from_s for s in shots], len(self.tokens), length_s)
        shown = self.tokens[[part.token for part in parts]]
        lengths_s = np.array([part.end_s - part.start_s for part in parts])
        cosines = (shown @ query).astype(np.float64)
        found = []
        for first, last in best_windows(cosines, lengths_s, background):
            whole = (shown[first:last] * lengths_s[first:last, None]).sum(0)
            cosine = float(whole @ query / np.linalg.norm(whole))
            start_s = self.from_s + parts[first].start_s
            end_s = self.from_s + parts[last - 1].end_s
            found.append(Span(self.video.id, start_s, end_s, cosine))
        return found


def _ranked_as(span: Span, windows: Sequence[Span]) -> list[Span]:
    """The windows cut out of `span`, best first, with the best in its place.

    Cosines of windows are those of a moment or two, and higher, by chance too: they say where in a
    video, while clips of 9 s say in which.
    """
    return [
        replace(window, score=span.score - (windows[0].score - window.score)) for window in windows
    ]


def _around(span: Span, video: VideoRecord) -> tuple[int, int]:
    """Tokens [first, last) of the span and what it may grow over."""
    first = max(0, int((span.start_s - AROUND_S) / TOKEN_S))
    last_s = min(span.end_s + AROUND_S, video.duration_s)
    return first, max(first + 1, math.ceil(last_s / TOKEN_S))
