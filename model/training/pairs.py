"""What is trained on: sentences, and what is seen while they are said."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from model.negatives import still_matches
from model.sequence import Segment

TOKEN_S = 1.5
"""Seconds of a visual token (Sun et al. 2019, section 4.1)."""
BAG = 5
"""Sentences that may belong to a video, its own included (Miech et al. 2020, section 4.1)."""
REACH = 4
"""Tokens between two windows up to which their sentences may belong to either."""


@dataclass(frozen=True, eq=False)
class TrainingPair:
    """A sentence, and the tokens of the stretch of video that it belongs to."""

    video: str
    """What is the same for all pairs of one video, such as its content hash."""
    tokens: NDArray[np.float16] | NDArray[np.float32]
    """(T, F), T >= 1: mean CNN features of each 1.5 s from `start_s` on."""
    start_s: float
    end_s: float
    text: str

    @property
    def start(self) -> int:
        """The first of its tokens, counted from the video's start."""
        return round(self.start_s / TOKEN_S)


class Bags:
    """Segments in order of time within each video, and which sentences may belong to which video.

    Narration is early or late by some seconds, so the sentences of neighbouring windows count as
    right as well: the bag of MIL-NCE.
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = sorted(segments, key=lambda s: (str(s.video), s.start, s.end))
        self._pieces = [frozenset(segment.pieces) for segment in self.segments]

    def __len__(self) -> int:
        return len(self.segments)

    def bag(self, at: int) -> list[int]:
        """`at` itself, then up to 4 of its neighbours in the same video, nearest first."""
        own = self.segments[at]
        near: list[tuple[int, int]] = []
        for side in (range(at - 1, -1, -1), range(at + 1, len(self))):
            for i in side[: BAG - 1]:
                gap = _gap(own, self.segments[i])
                if self.segments[i].video != own.video or gap > REACH:
                    break
                near.append((abs(_middle(self.segments[i]) - _middle(own)), i))
        return [at, *(i for _, i in sorted(near)[: BAG - 1])]

    def relations(self, videos: Sequence[int]) -> tuple[list[int], NDArray[np.bool_]]:
        """The sentences of these videos' bags, and (B, N) which of them may belong to which video.

        A sentence that two bags hold is there once. One that matches without being in the bag, the
        same words or an overlapping window, counts as right too: it is no honest negative.
        """
        bags = [self.bag(video) for video in videos]
        texts = list(dict.fromkeys(i for bag in bags for i in bag))
        right = np.zeros((len(videos), len(texts)), np.bool_)
        for row, (video, bag) in enumerate(zip(videos, bags, strict=True)):
            for column, text in enumerate(texts):
                right[row, column] = text in bag or self._matches(text, video)
        return texts, right

    def _matches(self, text: int, video: int) -> bool:
        """`still_matches`, asked only where it may be so: most texts share too few words."""
        a, b = self._pieces[text], self._pieces[video]
        near = self.segments[text].video == self.segments[video].video or a <= b or b <= a
        return near and still_matches(self.segments[text], self.segments[video])


def segment_of(pair: TrainingPair, pieces: Sequence[int], words: NDArray[np.int64]) -> Segment:
    """The pair as the network takes it: `pieces` of its text, `words` (T,) of its tokens."""
    length = len(pair.tokens)
    return Segment(
        video=pair.video,
        start=pair.start,
        end=pair.start + length,
        pieces=tuple(pieces),
        features=torch.from_numpy(pair.tokens),  # as they lie: a library's fill the memory once
        words=torch.from_numpy(words),
        times=torch.arange(pair.start, pair.start + length),
    )


def fingerprint(pairs: Sequence[TrainingPair]) -> str:
    """16 hex digits that change with any sentence, stretch or feature, and with their order."""
    digest = hashlib.sha256()
    for pair in pairs:
        digest.update(f"{pair.video}\0{pair.start_s!r}\0{pair.end_s!r}\0{pair.text}\0".encode())
        digest.update(np.ascontiguousarray(pair.tokens).tobytes())
    return digest.hexdigest()[:16]


def _gap(a: Segment, b: Segment) -> int:
    """Tokens between two stretches; negative where they overlap."""
    return max(a.start, b.start) - min(a.end, b.end)


def _middle(segment: Segment) -> int:
    return segment.start + segment.end
