"""What VideoBERT is trained on. Every loss is a float32 scalar, whatever autocast does around it.

Mask completion and linguistic-visual alignment are the paper's (Sun et al. 2019, section 3.2). The
contrastive losses make the space that is searched: InfoNCE (van den Oord et al. 2018, arXiv
1807.03748, section 2.3) and MIL-NCE (Miech et al. 2020, arXiv 1912.06430, section 3), which bears
that narration and picture are not quite simultaneous. The anchor holds what step 0 knew.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.masking import IGNORED, MaskedBatch
from model.videobert import VideoBert

NEVER = -1e9
"""A logit that counts for nothing; finite, since the gradient of -inf - -inf is not a number."""
SAME_PICTURE = 0.99
"""Cosine of features from which on two tokens show the same, as a still camera's do."""


class Temperature(nn.Module):
    """A learnable temperature, above `lowest` (compare Radford et al. 2021, arXiv 2103.00020)."""

    def __init__(self, start: float = 0.07, lowest: float = 0.01) -> None:
        super().__init__()
        self.lowest = lowest
        self.log = nn.Parameter(torch.tensor(math.log(start - lowest)))

    def forward(self) -> Tensor:
        return self.lowest + self.log.exp()


class Completion(NamedTuple):
    """The losses of mask completion; 0 where nothing was masked."""

    pieces: Tensor  # word pieces, cross entropy
    words: Tensor  # visual words, cross entropy
    features: Tensor  # features of visual tokens, NCE


def mask_completion(
    model: VideoBert, masked: MaskedBatch, temperature: float | Tensor = 0.07
) -> Completion:
    """One pass over masked sequences; heads run on the chosen positions only."""
    output = model(masked.batch)
    pieces, visual = masked.text_labels != IGNORED, masked.visual_labels != IGNORED
    seen = output.visual_hidden[visual]  # (N, D)
    return Completion(
        masked_cross_entropy(
            model.predict_pieces(output.text_hidden[pieces]), masked.text_labels[pieces]
        ),
        masked_cross_entropy(model.predict_words(seen), masked.visual_labels[visual]),
        feature_nce(model.predict_features(seen), masked.features[visual], temperature),
    )


def masked_cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """(..., C) logits, (...) int64 labels: mean over labelled positions, 0 if there are none."""
    losses = F.cross_entropy(
        logits.float().reshape(-1, logits.shape[-1]),
        labels.reshape(-1),
        ignore_index=IGNORED,
        reduction="sum",
    )
    return losses / (labels != IGNORED).sum().clamp(min=1)


def feature_nce(predicted: Tensor, features: Tensor, temperature: float | Tensor = 0.07) -> Tensor:
    """(N, F) predictions and truths: each prediction must tell its own from the others' features.

    A truth that looks the same as the right one is no wrong answer and is left out.
    """
    if len(predicted) == 0:
        return predicted.float().sum()
    truth = F.normalize(features.float(), dim=-1)
    logits = _products(F.normalize(predicted.float(), dim=-1), truth) / temperature  # (N, N)
    own = torch.eye(len(truth), dtype=torch.bool, device=truth.device)
    same = (_products(truth, truth) > SAME_PICTURE) & ~own
    return F.cross_entropy(logits.masked_fill(same, NEVER), own.long().argmax(1))


def alignment_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """(B,) logits of `predict_alignment`, (B,) labels 1 or 0 -> mean; 0 without pairs."""
    losses = F.binary_cross_entropy_with_logits(logits.float(), labels.float(), reduction="sum")
    return losses / max(len(labels), 1)


def info_nce(a: Tensor, b: Tensor, temperature: float | Tensor = 0.07) -> Tensor:
    """(B, D) unit vectors, row by row the pairs: symmetric cross entropy over the batch."""
    logits = _products(a, b) / temperature  # (B, B)
    own = torch.arange(len(a), device=a.device)
    return (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2


def mil_nce(
    video: Tensor,
    texts: Tensor,
    positives: Tensor,
    temperature: float | Tensor = 0.07,
    ignored: Tensor | None = None,
) -> Tensor:
    """(B, D) and (N, D) unit vectors, (B, N) bool `positives`: any of a video's texts may be right.

    -log(sum over positives of exp(s) / sum over positives and negatives of exp(s)), s = cosine /
    temperature; every positive stands in the denominator once. Negatives of a video are its pairs
    with other texts, in one direction, and its texts' pairs with other videos, in the other; the
    mean of both directions makes one positive each `info_nce`. Pairs in `ignored` (B, N) are no
    negatives: those that match without being told to. Videos without positives do not count.
    """
    positives = positives.bool()
    logits = _products(video, texts) / temperature  # (B, N)
    if ignored is not None:
        logits = logits.masked_fill(ignored.bool() & ~positives, NEVER)
    right = logits.masked_fill(~positives, NEVER).logsumexp(1)  # (B,)
    to_text = logits.logsumexp(1) - right
    elsewhere = logits.masked_fill(positives, NEVER).logsumexp(0)  # (N,), wrong videos of a text
    wrong = torch.where(positives, elsewhere, NEVER).logsumexp(1)  # (B,)
    to_video = torch.logaddexp(right, wrong) - right
    counts = positives.any(1)
    return torch.where(counts, to_text + to_video, 0.0).sum() / (2 * counts.sum().clamp(min=1))


def anchor_kl(
    similarities: Tensor,
    step_0: Tensor,
    temperature: float | Tensor = 0.07,
    *,
    without_self: bool = False,
) -> Tensor:
    """(N, M) cosines now and at step 0: mean over rows of KL(step 0 || now), against forgetting.

    The rows are softmaxes over M. `without_self` leaves the diagonal out, for sentences compared
    with themselves, where it would outweigh all else.
    """
    now, before = similarities.float() / temperature, step_0.detach().float() / temperature
    if without_self:
        own = torch.eye(len(now), dtype=torch.bool, device=now.device)
        now, before = now.masked_fill(own, NEVER), before.masked_fill(own, NEVER)
    return F.kl_div(
        now.log_softmax(1), before.log_softmax(1), reduction="batchmean", log_target=True
    )


def _products(a: Tensor, b: Tensor) -> Tensor:
    """(N, D), (M, D) -> (N, M) in float32: autocast would round them to 16 bit."""
    device = a.device.type
    if not torch.amp.is_autocast_available(device):
        return a.float() @ b.float().T
    with torch.autocast(device, enabled=False):
        return a.float() @ b.float().T
