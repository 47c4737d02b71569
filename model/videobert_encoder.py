"""The encoder that is shipped and that `videobert train` makes: a checkpoint's two towers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from model.backbone import FRAME_SIZE, Backbone, open_backbone
from model.checkpoint import BACKBONE, JOINT, Checkpoint
from model.encoder import Float32, UInt8
from model.joint import JointConfig, JointSpace
from model.lazy import loaded_once
from model.weights import unpack_int8

if TYPE_CHECKING:
    from model.alignment import Alignment
    from model.text_features import TextFeatures
    from model.training.student import Student


class VideoBertEncoder:
    """Weights are loaded when first used: a text query opens no CNN, and neither opens PyTorch.

    Clips go through the joint space alone, unless the checkpoint says that its trunk was trained
    to move them (`"trunk": true`): then through the whole network.
    """

    frame_size = FRAME_SIZE

    def __init__(self, checkpoint: Checkpoint, device: str = "auto") -> None:
        self._checkpoint = checkpoint
        self._device = device

    @property
    def fingerprint(self) -> str:
        return self._checkpoint.fingerprint

    @property
    def feature_fingerprint(self) -> str:
        """Of the CNN and its preprocessing alone: features of equal ones are the same."""
        return self._checkpoint.fingerprint_of(BACKBONE)

    @property
    def dim(self) -> int:
        return int(self._checkpoint.config["dim"])

    @property
    def feature_dim(self) -> int:
        return int(self._checkpoint.config["feature_dim"])

    def frame_features(self, frames: UInt8) -> Float32:
        if frames.shape[1:] != (FRAME_SIZE, FRAME_SIZE, 3) or frames.dtype != np.uint8:
            raise ValueError(
                f"frames must be (N, {FRAME_SIZE}, {FRAME_SIZE}, 3) uint8, "
                f"got {frames.shape} {frames.dtype}"
            )
        return self._backbone(frames)

    def encode_clips(self, clips: Sequence[Float32]) -> Float32:
        if not self._checkpoint.config["trunk"]:
            return self._space.clips(clips)
        if any(not len(clip) for clip in clips):
            raise ValueError("a clip needs at least one token")
        return self._student.encode_clips(clips)

    def encode_frames(self, frames: UInt8) -> Float32:
        return self.encode_clips(list(self.frame_features(frames)[:, None, :]))

    def encode_text(self, texts: Sequence[str]) -> Float32:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        return self._space.text(self._sentences(texts))

    @property
    def rerank_weight(self) -> float:
        """As it was chosen on validation; 0 where a second look did not pay."""
        return float(self._checkpoint.config.get("rerank", 0.0))

    def alignment(self, text: str, clips: Sequence[Float32]) -> Float32:
        return self._alignment(text, clips)

    def class_logits(self, features: Float32) -> Float32:
        """(N, feature_dim) features -> (N, 1000) logits of the ImageNet classes."""
        return self._space.class_logits(features)

    @loaded_once
    def _backbone(self) -> Backbone:
        return open_backbone(self._checkpoint, self._device)

    @loaded_once
    def _sentences(self) -> TextFeatures:
        from model.text_features import open_text_features

        return open_text_features(self._checkpoint)

    @loaded_once
    def _space(self) -> JointSpace:
        tensors = unpack_int8(self._checkpoint.read(JOINT))
        return JointSpace(tensors, JointConfig(**self._checkpoint.config["joint"]))

    @loaded_once
    def _alignment(self) -> Alignment:
        from model.alignment import Alignment

        return Alignment(self._checkpoint)

    @loaded_once
    def _student(self) -> Student:
        from model.training.checkpointing import load_student

        return load_student(self._checkpoint)
