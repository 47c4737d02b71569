"""What the project knows of a published network: pictures in, unit vectors out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from model.encoder import Float32, UInt8


class Tower(Protocol):
    """A pretrained network over pictures. A vector never depends on its neighbours in a batch."""

    @property
    def name(self) -> str:
        """As given to `open_tower`."""

    @property
    def fingerprint(self) -> str:
        """16 hex digits over architecture, weights and preprocessing, not over where they lie."""

    @property
    def frame_size(self) -> int:
        """Side in pixels of the square pictures that it takes."""

    @property
    def feature_dim(self) -> int:
        """Width D of its vectors."""

    def features(self, frames: UInt8) -> Float32:
        """(N, S, S, 3) uint8 RGB -> (N, D) float32, as the network gives them, not normalised."""

    def encode_frames(self, frames: UInt8) -> Float32:
        """(N, S, S, 3) uint8 RGB -> (N, D) float32, unit length."""


class DualTower(Tower, Protocol):
    """A tower with a text tower of its own, in one joint space: CLIP, SigLIP."""

    def encode_text(self, texts: Sequence[str]) -> Float32:
        """N sentences -> (N, D) float32, unit length."""
