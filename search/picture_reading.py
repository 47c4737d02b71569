"""A picture that is asked with: what the CNN sees, and its place in the joint space."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.encoder import Encoder

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class PictureReading:
    """A picture as a clip of one token."""

    tokens: Float32
    """(1, feature_dim)."""
    vector: Float32
    """(dim,) unit."""


def read_query_picture(picture: Path | bytes, encoder: Encoder) -> PictureReading:
    """A file or its bytes. Raises indexer.errors.MediaError."""
    from indexer.media.pictures import load_picture

    tokens = encoder.frame_features(load_picture(picture, encoder.frame_size)[None])
    return PictureReading(tokens, np.asarray(encoder.encode_clips([tokens])[0]))
