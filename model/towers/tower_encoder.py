"""The project's `Encoder` on a published dual tower: indexing and searching without training."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from model.encoder import Float32, UInt8
from model.lazy import loaded_once
from model.towers.languages import tower_languages
from model.towers.torch_tower import unit
from model.towers.tower import DualTower


class TowerEncoder:
    """A frame is its image embedding, a clip the mean over its tokens, and text the tower's own.

    CLIP4Clip (Luo et al. 2021, arXiv 2104.08860, section 3.3) finds the mean a strong choice.
    """

    def __init__(self, tower: DualTower) -> None:
        self._tower = tower
        self.dim = self.feature_dim = tower.feature_dim
        self.frame_size = tower.frame_size

    @property
    def languages(self) -> frozenset[str]:
        """Those that the tower reads: what is said in others has no vectors."""
        return tower_languages(self._tower.name)

    @loaded_once
    def fingerprint(self) -> str:
        """Of the tower and of how a clip is made of its frames."""
        identity = f"mean of tokens over {self._tower.fingerprint}"
        return hashlib.sha256(identity.encode()).hexdigest()[:16]

    @property
    def feature_fingerprint(self) -> str:
        return self._tower.fingerprint

    def frame_features(self, frames: UInt8) -> Float32:
        """(N, S, S, 3) uint8 RGB -> (N, D) float32, unit length: all frames of a token count."""
        return self._tower.encode_frames(frames)

    def encode_clips(self, clips: Sequence[Float32]) -> Float32:
        if not clips:
            return np.empty((0, self.dim), np.float32)
        lengths = [len(clip) for clip in clips]
        if 0 in lengths:
            raise ValueError("a clip needs at least one token")
        starts = np.cumsum([0, *lengths[:-1]])
        return unit(np.add.reduceat(np.concatenate(clips), starts))

    def encode_frames(self, frames: UInt8) -> Float32:
        return self._tower.encode_frames(frames)

    def encode_text(self, texts: Sequence[str]) -> Float32:
        return self._tower.encode_text(texts)
