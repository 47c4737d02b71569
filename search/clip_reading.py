"""An uploaded clip, read once: what it looks like, and its fingerprint."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.copies.pictures import Shades
from indexer.media.parts import FINGERPRINT
from indexer.media.reader import SAMPLE_RATE_HZ
from indexer.segments import TOKEN_S, tokenize
from model.encoder import Encoder

Float32 = NDArray[np.float32]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ClipReading:
    """The first two minutes of a clip."""

    tokens: Float32
    """(T, feature_dim), one for each 1.5 s."""
    vector: Float32
    """(dim,) unit, of all of them together."""
    duration_s: float
    """What was read: two minutes at most, but where pictures are rarer than two a second."""
    shades: Shades | None
    """(cells, 144), see `indexer.media.fingerprint.decode`; None where there is none."""

    def between(self, start_s: float, end_s: float) -> Float32:
        """(tokens, feature_dim), at least one, of some seconds of the clip."""
        first = min(int(start_s / TOKEN_S), len(self.tokens) - 1)
        return self.tokens[first : max(first + 1, math.ceil(end_s / TOKEN_S))]


def read_query_clip(path: Path, encoder: Encoder) -> ClipReading:
    """Decode `path` once, in a process of its own. Raises a MediaError."""
    from indexer.media.fingerprint import decode
    from indexer.media.isolation import CLIP_FRAMES, read_clip_parts

    times, images, end = read_clip_parts(path, encoder.frame_size, parts=(FINGERPRINT,))
    duration_s = end.info.duration_s
    if len(times) == CLIP_FRAMES:  # decoding is ahead of the last picture that was taken
        duration_s = min(duration_s, float(times[-1]) + 1 / SAMPLE_RATE_HZ)
    tokens = tokenize(encoder.frame_features(images), times, duration_s)
    text = end.reading.fingerprint
    if text is None:
        logger.warning("%s: no copies are looked for: %s", path, "; ".join(end.info.warnings))
    return ClipReading(
        tokens,
        np.asarray(encoder.encode_clips([tokens])[0]),
        duration_s,
        None if text is None else decode(text)[: math.ceil(duration_s * SAMPLE_RATE_HZ)],
    )
