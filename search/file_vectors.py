"""Vectors of picture files that are asked with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.encoder import Encoder

Float32 = NDArray[np.float32]


def picture_vector(picture: Path | bytes, encoder: Encoder) -> Float32:
    """(dim,) of a picture. Raises indexer.errors.MediaError."""
    from indexer.media.pictures import load_picture

    vectors = encoder.encode_frames(load_picture(picture, encoder.frame_size)[None])
    return np.asarray(vectors[0])
