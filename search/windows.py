"""The windows of a video that answer best: of every length, none over another, edges at cuts.

A video is cut at its shots and at its tokens into pieces. A token that holds two shots says little
of either, so that its pieces take the cosine of the nearest token that lies in their shot alone. A
window is any run of pieces. It scores the sum over its seconds of how far their cosine is above
`LEVEL`, between what the query has with anything and with the best piece. The longest window that
is good throughout wins, and is not cut where it is a little weaker; what is left after it is
sought by non-maximum suppression.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.segments import TOKEN_S

LEVEL = 0.6
"""Between the background, 0, and the best piece, 1: what is worse does not belong to a moment."""
_SLACK_S = 0.25
"""A token that reaches so little into the next shot is of its own shot: samples are 0.5 s apart."""

Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class Piece:
    """A part of one shot, seconds, and the token that tells what it shows."""

    start_s: float
    end_s: float
    token: int


def pieces(shots: Sequence[float], tokens: int, duration_s: float) -> list[Piece]:
    """The pieces of a video of `tokens` >= 1 tokens, in order of time, without gaps.

    `shots` are the starts of its shots in seconds, ascending.
    """
    edges = [0.0, *(shot for shot in shots if 0 < shot < duration_s), duration_s]
    ends = np.minimum(np.arange(1, tokens + 1) * TOKEN_S, duration_s)
    return [piece for start_s, end_s in pairwise(edges) for piece in _of_shot(start_s, end_s, ends)]


def _of_shot(start_s: float, end_s: float, ends: Float64) -> list[Piece]:
    """`ends` (T,) are those of the tokens: the last one ends with the video."""
    tokens = len(ends)
    first = min(int(start_s / TOKEN_S), tokens - 1)
    last = max(first, min(int(np.ceil(end_s / TOKEN_S)), tokens) - 1)
    edges = [start_s, *(t * TOKEN_S for t in range(first + 1, last + 1)), end_s]
    inside = [
        t
        for t in range(first, last + 1)
        if t * TOKEN_S >= start_s - _SLACK_S and ends[t] <= end_s + _SLACK_S
    ]
    if not inside:
        inside = [max(range(first, last + 1), key=lambda t: _shared(t, start_s, end_s))]
    return [
        Piece(a, b, min(max(first + i, inside[0]), inside[-1]))
        for i, (a, b) in enumerate(pairwise(edges))
        if b > a
    ]


def _shared(token: int, start_s: float, end_s: float) -> float:
    return min(end_s, (token + 1) * TOKEN_S) - max(start_s, token * TOKEN_S)


def best_windows(cosines: Float64, lengths_s: Float64, background: float) -> list[tuple[int, int]]:
    """Runs [first, last) of pieces, best first, that do not overlap.

    `cosines` (P,) and `lengths_s` (P,) of the pieces in order of time; `background` is the query's
    usual cosine. None where no piece is above it.
    """
    if not len(cosines) or cosines.max() <= background:
        return []
    gains = (cosines - (background + LEVEL * (cosines.max() - background))) * lengths_s
    sums = np.concatenate([[0.0], np.cumsum(gains)])
    scores = sums[None, :] - sums[:, None]  # [first, last)
    first, last = np.nonzero(np.triu(scores > 0, 1))
    order = np.argsort(-scores[first, last], kind="stable")
    first, last = first[order], last[order]
    found = []
    while len(first):
        best = int(first[0]), int(last[0])
        found.append(best)
        apart = (last <= best[0]) | (first >= best[1])
        first, last = first[apart], last[apart]
    return found
