"""Step 0: a joint space without training, by convex combination of semantic embeddings.

ConSE (Norouzi et al. 2014, arXiv 1312.5650): a picture is the mean of its most likely ImageNet
classes' sentence vectors, weighted by their probabilities. Both sides are centred, which removes
what all pictures and all sentences have in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from model.backbone import FEATURE_DIM, FRAME_SIZE, Backbone, open_backbone
from model.checkpoint import Checkpoint
from model.encoder import Float32, UInt8
from model.text import DIM, SentenceEncoder


class ConseEncoder:
    """The `Encoder` of step 0. Weights are loaded when first used: a text query opens no CNN."""

    dim = DIM
    feature_dim = FEATURE_DIM
    frame_size = FRAME_SIZE

    def __init__(self, checkpoint: Checkpoint, device: str = "auto") -> None:
        self._checkpoint = checkpoint
        self._device = device
        self._top_k = int(checkpoint.config["conse"]["top_k"])
        self._temperature = float(checkpoint.config["conse"]["temperature"])

    @property
    def fingerprint(self) -> str:
        return self._checkpoint.fingerprint

    def frame_features(self, frames: UInt8) -> Float32:
        if frames.shape[1:] != (FRAME_SIZE, FRAME_SIZE, 3) or frames.dtype != np.uint8:
            raise ValueError(
                f"frames must be (N, {FRAME_SIZE}, {FRAME_SIZE}, 3) uint8, "
                f"got {frames.shape} {frames.dtype}"
            )
        return self._backbone(frames)

    def encode_clips(self, clips: Sequence[Float32]) -> Float32:
        if not clips:
            return np.empty((0, DIM), np.float32)
        lengths = [len(clip) for clip in clips]
        if 0 in lengths:
            raise ValueError("a clip needs at least one token")
        concepts = self._concepts(np.concatenate(clips))  # (sum of tokens, 384)
        starts = np.cumsum([0, *lengths[:-1]])
        sums = np.add.reduceat(concepts, starts)  # one row a clip; its length does not matter
        return _unit(_unit(sums) - self._space["image_mean"])

    def encode_frames(self, frames: UInt8) -> Float32:
        return self.encode_clips(list(self.frame_features(frames)[:, None, :]))

    def encode_text(self, texts: Sequence[str]) -> Float32:
        return _unit(self._sentences(texts) - self._space["text_mean"])

    def class_logits(self, features: Float32) -> Float32:
        """(N, 1280) features -> (N, 1000) logits of the ImageNet classes."""
        logits = features @ self._space["class_weight"].T + self._space["class_bias"]
        return np.asarray(logits, np.float32)

    def _concepts(self, features: Float32) -> Float32:
        """(N, 1280) -> (N, 384): expectation of the anchors over the likeliest classes."""
        logits = self.class_logits(features) / np.float32(self._temperature)
        kept = -np.partition(-logits, self._top_k - 1, axis=1)[:, self._top_k - 1 : self._top_k]
        weights = np.exp(logits - logits.max(1, keepdims=True)) * (logits >= kept)
        mixture = (weights / weights.sum(1, keepdims=True)) @ self._space["anchors"]
        return np.asarray(mixture, np.float32)

    @cached_property
    def _backbone(self) -> Backbone:
        return open_backbone(self._checkpoint, self._device)

    @cached_property
    def _sentences(self) -> SentenceEncoder:
        return SentenceEncoder(self._checkpoint)

    @cached_property
    def _space(self) -> dict[str, Float32]:
        from safetensors.numpy import load

        tensors = load(self._checkpoint.read("concepts.safetensors"))
        return {name: tensor.astype(np.float32) for name, tensor in tensors.items()}


def _unit(x: Float32) -> Float32:
    """Rows scaled to length 1, kept float32."""
    norms = np.linalg.norm(x, axis=1, keepdims=True)
    return np.asarray(x / np.maximum(norms, np.float32(1e-12)), np.float32)
