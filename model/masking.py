"""Mask completion: what is hidden, what is put instead, what must be told (Devlin et al., 3.1).

15 % of the word pieces and of the visual tokens are chosen. Of these 80 % are masked, 10 % replaced
by another of the same modality, 10 % kept. Whether that is text, video or both at once (Sun et al.
2019, section 3.2) is up to the sequences: see `Segment.text_only` and `Segment.video_only`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import torch
from torch import Tensor

from model.sequence import Batch
from model.tokenizer import MASK, VOCABULARY_SIZE

RATE = 0.15
MASKED, REPLACED = 0.8, 0.1
IGNORED = -100
"""The label of positions that are not to be told."""
PIECES = range(999, VOCABULARY_SIZE)
"""Word pieces that mean something; below are special and unused ones."""


@dataclass(frozen=True, eq=False)
class MaskedBatch:
    """A batch as the network may see it, and what it must tell."""

    batch: Batch
    text_labels: Tensor  # (B, T) int64, IGNORED where nothing is to be told
    visual_labels: Tensor  # (B, V) int64, likewise
    features: Tensor  # (B, V, F) float32 as they were


def mask_batch(
    batch: Batch, generator: torch.Generator, *, rate: float = RATE, pieces: range = PIECES
) -> MaskedBatch:
    """Mask both modalities; a sequence of one modality is masked in that one."""
    token_ids, text_labels = mask_text(
        batch.token_ids, batch.text_mask, generator, rate=rate, pieces=pieces
    )
    visual = mask_visual(batch.words, batch.visual_mask, generator, rate=rate)
    shown = replace(
        batch,
        token_ids=token_ids,
        words=visual.words,
        features=batch.features.flatten(0, 1)[visual.source],
        visual_masked=visual.masked,
    )
    return MaskedBatch(shown, text_labels, visual.labels, batch.features)


def mask_text(
    token_ids: Tensor,
    text_mask: Tensor,
    generator: torch.Generator,
    *,
    rate: float = RATE,
    pieces: range = PIECES,
) -> tuple[Tensor, Tensor]:
    """(B, T) int64 and its mask -> corrupted ids and labels, both (B, T) int64.

    Special tokens and padding are neither chosen nor put in; what is put in is of `pieces`.
    """
    can_be_told = text_mask.bool() & (token_ids >= pieces.start)
    chosen, masked, replaced = _choose(can_be_told, rate, generator)
    draws = (_uniform(token_ids, generator) * len(pieces)).long() + pieces.start
    corrupted = torch.where(masked, MASK, torch.where(replaced, draws, token_ids))
    return corrupted, torch.where(chosen, token_ids, IGNORED)


class VisualMask(NamedTuple):
    """What `mask_visual` decides, each (B, V)."""

    words: Tensor  # int64, as the network may see them
    source: Tensor  # int64: the token shown here is this row of the batch, flattened to (B * V)
    masked: Tensor  # bool: [VMASK] is shown
    labels: Tensor  # int64


def mask_visual(
    words: Tensor, visual_mask: Tensor, generator: torch.Generator, *, rate: float = RATE
) -> VisualMask:
    """(B, V) int64 visual words and their mask -> what is shown instead.

    A replacement is the word and the features of another visual token of the batch, and never of a
    chosen one: else what is masked at one place could be read at another. Where all are chosen
    there is none, and the token is masked.
    """
    chosen, masked, replaced = _choose(visual_mask.bool(), rate, generator)
    own = torch.arange(words.numel(), device=words.device).view(words.shape)  # (B, V)
    donors = own[visual_mask.bool() & ~chosen]  # (N,)
    if len(donors):
        draws = donors[(_uniform(words, generator) * len(donors)).long()]
        source = torch.where(replaced, draws, own)
    else:
        source, masked = own, masked | replaced
    return VisualMask(words.flatten()[source], source, masked, torch.where(chosen, words, IGNORED))


def _choose(
    possible: Tensor, rate: float, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """(B, N) bool: chosen, and of these masked and replaced; the rest of the chosen is kept."""
    chosen = possible & (_uniform(possible, generator) < rate)
    dice = _uniform(possible, generator)
    masked = chosen & (dice < MASKED)
    return chosen, masked, chosen & ~masked & (dice < MASKED + REPLACED)


def _uniform(like: Tensor, generator: torch.Generator) -> Tensor:
    """Draws in [0, 1) of `like`'s shape and device. A CPU generator draws the same for any."""
    draws = torch.rand(like.shape, generator=generator, device=generator.device)
    return draws.to(like.device)
