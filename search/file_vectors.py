"""Vectors of files that are asked with: clips and pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.encoder import Encoder

Float32 = NDArray[np.float32]


def clip_vector(path: Path, encoder: Encoder) -> Float32:
    """(dim,) of a whole video file, its first two minutes. Raises indexer.errors.MediaError."""
    from indexer.media.isolation import read_clip
    from indexer.segments import tokenize

    times, images, info = read_clip(path, encoder.frame_size)
    tokens = tokenize(encoder.frame_features(images), times, info.duration_s)
    vectors: Float32 = encoder.encode_clips([tokens])
    return np.asarray(vectors[0])


def picture_vector(picture: Path | bytes, encoder: Encoder) -> Float32:
    """(dim,) of a picture. Raises indexer.errors.MediaError."""
    from indexer.media.pictures import load_picture

    vectors = encoder.encode_frames(load_picture(picture, encoder.frame_size)[None])
    return np.asarray(vectors[0])
