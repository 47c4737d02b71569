"""From frames to tokens to clips: how a video is cut up in time.

A token is 1.5 s, VideoBERT's visual token (Sun et al. 2019, section 4.1). A clip, the unit of
search, is up to six tokens (9 s); clips overlap by half, so that no moment lies only on an edge.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from indexer.media.reader import SAMPLE_RATE_HZ

TOKEN_S = 1.5
CLIP_TOKENS = 6
CLIP_STRIDE = 3

_CELLS = round(TOKEN_S * SAMPLE_RATE_HZ)  # half-second cells in a token

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]


def tokenize(features: Float32, times_s: Float64, duration_s: float) -> Float32:
    """Mean features of each 1.5 s.

    `features` (N, F) of frames at ascending `times_s` (N,), N >= 1, of a video of `duration_s`.
    Each half-second cell counts the frame that is on screen in it: the one that begins there, else
    the last before. Returns (T, F) float32 with T = ceil(duration / 1.5), at least 1.
    """
    cells = max(1, math.ceil(round(duration_s * SAMPLE_RATE_HZ, 3)))
    begins = np.floor(times_s * SAMPLE_RATE_HZ + 1e-6)
    # per cell the last frame that begins in it or before; the first frame before it has begun
    shown = np.maximum(np.searchsorted(begins, np.arange(cells), side="right") - 1, 0)
    starts = np.arange(0, cells, _CELLS)
    sums = np.add.reduceat(features[shown], starts, axis=0)
    lengths = np.diff(np.append(starts, cells))
    return np.asarray(sums / lengths[:, None], np.float32)


def clip_bounds(tokens: int) -> list[tuple[int, int]]:
    """Token ranges [start, end) of the clips of a video of `tokens` >= 1 tokens.

    All tokens are covered, also the tail: the last clip ends with the last token.
    """
    last = max(0, tokens - CLIP_TOKENS)
    starts = [*range(0, last, CLIP_STRIDE), last]
    return [(start, min(start + CLIP_TOKENS, tokens)) for start in starts]


def clip_times(bounds: list[tuple[int, int]], duration_s: float) -> Float64:
    """(C, 2) seconds: start and end of clips given as token ranges, within the video."""
    times = np.array(bounds, np.float64).reshape(-1, 2) * TOKEN_S
    return np.minimum(times, duration_s)
