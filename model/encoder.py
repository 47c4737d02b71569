"""What the rest of the house knows of the network: four methods and a fingerprint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
UInt8 = NDArray[np.uint8]


@runtime_checkable
class Encoder(Protocol):
    """Frames, clips and sentences to unit vectors of one joint space.

    A vector never depends on its neighbours in a batch. Vectors of encoders with different
    fingerprints must not meet: they are points of different spaces.
    """

    @property
    def fingerprint(self) -> str:
        """16 hex digits over weights, configuration and preprocessing."""

    @property
    def feature_fingerprint(self) -> str:
        """Of `frame_features` alone. Encoders that share it can use each other's tokens."""

    @property
    def dim(self) -> int:
        """Width of the joint space."""

    @property
    def feature_dim(self) -> int:
        """Width of a frame's features, the CNN's pooled layer."""

    @property
    def frame_size(self) -> int:
        """Side in pixels of the square pictures that `frame_features` takes."""

    def frame_features(self, frames: UInt8) -> Float32:
        """(N, frame_size, frame_size, 3) uint8 RGB -> (N, feature_dim) float32, not normalised."""

    def encode_clips(self, clips: Sequence[Float32]) -> Float32:
        """N clips, each (tokens, feature_dim) with one row per 1.5 s -> (N, dim), unit length."""

    def encode_frames(self, frames: UInt8) -> Float32:
        """(N, frame_size, frame_size, 3) uint8 RGB, each a clip of its own -> (N, dim), unit."""

    def encode_text(self, texts: Sequence[str]) -> Float32:
        """N sentences -> (N, dim) float32, unit length."""


@runtime_checkable
class Aligner(Protocol):
    """An encoder that can also read words and a clip together."""

    @property
    def rerank_weight(self) -> float:
        """What the log-probability of alignment counts for beside a cosine; 0 is not at all."""

    def alignment(self, text: str, clips: Sequence[Float32]) -> Float32:
        """N clips, each (tokens, feature_dim) -> (N,) log-odds that `text` belongs to them."""


@runtime_checkable
class Polyglot(Protocol):
    """An encoder that reads other languages than English."""

    @property
    def languages(self) -> frozenset[str]:
        """Primary language subtags in lower case."""


def languages_of(encoder: Encoder) -> frozenset[str]:
    """Languages that `encode_text` reads; the empty one stands for text that does not say."""
    spoken = encoder.languages if isinstance(encoder, Polyglot) else frozenset({"en"})
    return spoken | {""}
