"""The weighted sum that is minimised, in the two halves that gradient caching needs.

MIL-NCE and the anchor look across the whole batch, so do mask completion and alignment, whose means
are over what was masked or paired in all of it: `encode` makes vectors piece by piece, `losses`
compares them.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor

from model.masking import IGNORED
from model.objectives import (
    Temperature,
    alignment_loss,
    anchor_kl,
    feature_nce,
    masked_cross_entropy,
    mil_nce,
)
from model.training.accumulation import Losses, Outputs
from model.training.batches import Piece, Step
from model.training.student import Student


@dataclass(frozen=True)
class LossWeights:
    """What each part counts for in the sum."""

    mil_nce: float = 1.0
    pieces: float = 0.5
    """Masked word pieces."""
    words: float = 0.5
    """Masked visual words; the features behind them count the same."""
    alignment: float = 0.25
    anchor: float = 0.5

    def of(self, part: str) -> float:
        """The weight of a part by its name in the metrics."""
        return float(getattr(self, "words" if part == "features" else part))


@dataclass(frozen=True, eq=False)
class Anchor:
    """Step 0: what the videos and the generic sentences were before training."""

    videos: Tensor  # (segments, D) unit
    generic: Tensor  # (sentences, D) unit


class Objective:
    """All losses of a step over one network. The temperature is learnt beside it."""

    def __init__(
        self,
        student: Student,
        anchor: Anchor,
        weights: LossWeights = LossWeights(),
        precision: torch.dtype = torch.float32,
    ) -> None:
        self.student = student
        self.temperature = Temperature()
        self._anchor, self._weights, self.precision = anchor, weights, precision

    def encode(self, piece: Piece) -> Outputs:
        """The rows that a piece adds: see `losses`. Runs the network, and none of its heads."""
        student, device = self.student, self.student.device
        net, masked = student.net, piece.masked.batch.to(device)
        with self._autocast(device):  # left at the end, or its cache would outlive `no_grad`
            completed = net(masked)
            pairs = None if piece.aligned is None else net(piece.aligned.to(device)).cls
            return {
                **self._joint(piece),
                "pieces": completed.text_hidden[piece.masked.text_labels.to(device) != IGNORED],
                "visual": completed.visual_hidden[piece.masked.visual_labels.to(device) != IGNORED],
                "pairs": completed.cls[:0] if pairs is None else pairs,
            }

    def _joint(self, piece: Piece) -> Outputs:
        """Vectors of the joint space; none where nothing is asked of it."""
        student = self.student
        if not (self._weights.mil_nce or self._weights.anchor):
            return {}
        return {
            "videos": student.embed_videos(piece.videos.to(student.device)),
            "texts": student.embed_texts(piece.texts),
            "generic": student.embed_texts(piece.generic),
        }

    def losses(self, outputs: Outputs, step: Step) -> Losses:
        """Each part as a scalar, and their weighted sum as `loss`."""
        net, device = self.student.net, self.student.device
        with self._autocast(device):
            pieces = net.predict_pieces(outputs["pieces"])
            words = net.predict_words(outputs["visual"])
            features = net.predict_features(outputs["visual"])
            alignment = net.predict_alignment(outputs["pairs"])
        text_labels, visual_labels = (
            labels[labels != IGNORED].to(device)
            for labels in (step.masked.text_labels, step.masked.visual_labels)
        )
        truths = step.masked.features[step.masked.visual_labels != IGNORED].to(device)
        parts = {
            "pieces": masked_cross_entropy(pieces, text_labels),
            "words": masked_cross_entropy(words, visual_labels),
            "features": feature_nce(features, truths),
            "alignment": alignment_loss(alignment, step.aligned_labels.to(device)),
        }
        if "videos" in outputs:
            right, temperature = step.right.to(device), self.temperature()
            parts["mil_nce"] = mil_nce(outputs["videos"], outputs["texts"], right, temperature)
            parts["anchor"] = self._anchor_loss(outputs, step)
        total = sum(self._weights.of(name) * part for name, part in parts.items())
        return {"loss": torch.as_tensor(total), **parts}

    def _anchor_loss(self, outputs: Outputs, step: Step) -> Tensor:
        """How videos and sentences of general knowledge lie to one another, then and now."""
        videos = self._anchor.videos[step.video_rows].to(self.student.device)
        generic = self._anchor.generic[step.generic_rows].to(self.student.device)
        now = outputs["videos"].float() @ outputs["generic"].float().T
        return anchor_kl(now, videos @ generic.T)

    def _autocast(self, device: torch.device) -> AbstractContextManager[object]:
        if self.precision is torch.float32:
            return nullcontext()
        return torch.autocast(device.type, dtype=self.precision)
