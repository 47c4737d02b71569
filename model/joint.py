"""The joint space of video and sentences: two ways to see a clip, one way to read a sentence.

A clip is seen by a ridge regression onto the sentences that people wrote about pictures like it,
and by ConSE, the convex combination of semantic embeddings (Norouzi et al. 2014, arXiv 1312.5650):
the names of its likeliest ImageNet classes, weighted by their probability. The first knows what
people say, the second knows things that nobody said yet. Both are compared in a space of sentences
that is centred and partly whitened, so that what all captions share counts for less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.encoder import Float32

CLASS_DIM = 1280
"""The first so many features are the CNN's pooled layer, which its classifier reads."""


@dataclass(frozen=True)
class JointConfig:
    """How the two views of a clip are put together."""

    top_k: int = 30
    """Classes that count; the tail of 1000 small probabilities is noise."""
    temperature: float = 2.0
    """Of the class probabilities: the classifier is too sure of itself on video frames."""
    concept_weight: float = 0.5
    """Of the ConSE view, beside 1 for the regression."""


@dataclass(frozen=True)
class JointSpace:
    """Tokens and sentence vectors to unit vectors of one space, in NumPy.

    `tensors`, float32: `ridge_weight` (D, F) and `ridge_bias` (D,); `class_weight` (K, 1280) and
    `class_bias` (K,); `anchors` (K, D), the classes' sentence vectors; `image_mean`, `text_mean`
    (D,); `text_map` (D, D), symmetric.
    """

    tensors: Mapping[str, Float32]
    config: JointConfig = JointConfig()

    @property
    def dim(self) -> int:
        return len(self.tensors["text_mean"])

    @property
    def feature_dim(self) -> int:
        return int(self.tensors["ridge_weight"].shape[1])

    def text(self, sentences: Float32) -> Float32:
        """(N, D) unit sentence vectors -> (N, D), unit."""
        return unit((sentences - self.tensors["text_mean"]) @ self.tensors["text_map"])

    def clips(self, clips: Sequence[Float32]) -> Float32:
        """N clips, each (tokens, F) -> (N, D), unit. A clip's length does not matter.

        Raises ValueError for a clip without tokens.
        """
        if not clips:
            return np.empty((0, self.dim), np.float32)
        lengths = np.array([len(clip) for clip in clips])
        if 0 in lengths:
            raise ValueError("a clip needs at least one token")
        tokens = np.concatenate(clips).astype(np.float32, copy=False)  # (sum of tokens, F)
        starts = np.cumsum([0, *lengths[:-1]])
        sums: Float32 = np.add.reduceat(tokens, starts, dtype=np.float32)
        said = self._regressed(np.asarray(sums / lengths[:, None], np.float32))
        named = self._named(np.add.reduceat(self.concepts(tokens), starts, dtype=np.float32))
        return unit(said + np.float32(self.config.concept_weight) * named)

    def class_logits(self, features: Float32) -> Float32:
        """(N, F) features -> (N, K) logits of the ImageNet classes."""
        t = self.tensors
        return np.asarray(features[:, :CLASS_DIM] @ t["class_weight"].T + t["class_bias"])

    def _regressed(self, pooled: Float32) -> Float32:
        """(N, F) -> (N, D), unit: what people would say."""
        return unit(pooled @ self.tensors["ridge_weight"].T + self.tensors["ridge_bias"])

    def concepts(self, tokens: Float32) -> Float32:
        """(N, F) -> (N, D): expectation of the anchors over the likeliest classes."""
        logits = self.class_logits(tokens) / np.float32(self.config.temperature)
        k = min(self.config.top_k, logits.shape[1])
        least = -np.partition(-logits, k - 1, axis=1)[:, k - 1 : k]
        weights = np.exp(logits - logits.max(1, keepdims=True)) * (logits >= least)
        mixture = (weights / weights.sum(1, keepdims=True)) @ self.tensors["anchors"]
        return np.asarray(mixture, np.float32)

    def _named(self, concepts: Float32) -> Float32:
        """(N, D) sums of anchors -> (N, D), unit, centred as sentences are."""
        return unit((unit(concepts) - self.tensors["image_mean"]) @ self.tensors["text_map"])


def unit(x: NDArray[np.floating]) -> Float32:
    """Rows brought to length 1."""
    return np.asarray(x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-12), np.float32)
