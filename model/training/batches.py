"""What a training step reads: every random choice is made here, on the CPU, before the network."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import torch
from torch import Tensor

from model.augmentation import concatenate_neighbours, subsample
from model.masking import MaskedBatch, mask_batch
from model.negatives import alignment_pairs
from model.sequence import Batch, Segment, assemble
from model.tokenizer import CLS, PAD, SEP
from model.training.pairs import Bags

GENERIC = 64
"""Sentences of general knowledge that a step compares with step 0."""

Rows = TypeVar("Rows", "Batch", "MaskedBatch")


@dataclass(frozen=True, eq=False)
class Texts:
    """`[CLS] text [SEP]`, padded."""

    token_ids: Tensor  # (N, T) int64
    mask: Tensor  # (N, T) bool

    @classmethod
    def of(cls, pieces: Sequence[Sequence[int]], max_text: int) -> Texts:
        """N sentences of word pieces, cut to `max_text`."""
        rows = [torch.tensor([CLS, *row[:max_text], SEP]) for row in pieces]
        ids = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PAD)
        return cls(ids, ids != PAD)

    def rows(self, taken: slice) -> Texts:
        """Some of the sentences, without the padding that they do not need."""
        mask = self.mask[taken]
        longest = int(mask.sum(1).max()) if len(mask) else 0
        return Texts(self.token_ids[taken, :longest], mask[:, :longest])

    def to(self, device: torch.device) -> Texts:
        return Texts(self.token_ids.to(device), self.mask.to(device))


@dataclass(frozen=True, eq=False)
class Piece:
    """As much of a step as the memory holds at once."""

    videos: Batch
    texts: Texts
    generic: Texts
    masked: MaskedBatch
    aligned: Batch | None


@dataclass(frozen=True, eq=False)
class Step:
    """B pairs: for the joint space, for mask completion, for alignment, and against forgetting."""

    videos: Batch  # (B, ...) without text
    texts: Texts  # (N, ...) of the videos' bags
    right: Tensor  # (B, N) bool: which of them may belong to which video
    generic: Texts  # (G, ...)
    generic_rows: Tensor  # (G,) int64, which of the generic sentences they are
    video_rows: Tensor  # (B,) int64, which of the segments the videos are
    masked: MaskedBatch  # (B, ...) in the three regimes
    aligned: Batch | None  # (A, ...); None where every sentence fits every video
    aligned_labels: Tensor  # (A,) float32

    def pieces(self, size: int) -> list[Piece]:
        """The step cut up so that no piece has more than `size` of the B pairs."""
        count = math.ceil(len(self.videos.words) / size)
        return [
            Piece(
                _rows(self.videos, _share(len(self.videos.words), i, count)),
                self.texts.rows(_share(len(self.texts.mask), i, count)),
                self.generic.rows(_share(len(self.generic.mask), i, count)),
                _masked_rows(self.masked, _share(len(self.masked.features), i, count)),
                _aligned_rows(self.aligned, i, count),
            )
            for i in range(count)
        ]


class Batches:
    """The steps of a training run. Step `n` is the same whenever and however often it is made."""

    def __init__(
        self,
        bags: Bags,
        generic: Sequence[Sequence[int]],
        *,
        size: int,
        seed: int,
        max_text: int,
        max_visual: int,
    ) -> None:
        """`generic` are sentences of general knowledge, as word pieces."""
        self.bags, self._generic = bags, generic
        self.size, self._seed = min(size, len(bags)), seed
        self._limits = {"max_text": max_text, "max_visual": max_visual}

    def step(self, number: int) -> Step:
        """The step `number`, from 0. Every segment comes once before any comes again."""
        draw = self._generator(1, number)
        rows = self._rows(number)
        segments = self.bags.segments
        texts, right = self.bags.relations(rows)
        joined = [concatenate_neighbours(segments, i, draw, **self._limits) for i in rows]
        sampled = [subsample(segment, draw) for segment in joined]
        pairs, labels = alignment_pairs(sampled, draw)
        generic = torch.randperm(len(self._generic), generator=draw)[:GENERIC]
        return Step(
            videos=self._assemble([segments[i].video_only() for i in rows]),
            texts=Texts.of([segments[i].pieces for i in texts], self._limits["max_text"]),
            right=torch.from_numpy(right),
            generic=Texts.of([self._generic[i] for i in generic], self._limits["max_text"]),
            generic_rows=generic,
            video_rows=torch.tensor(rows),
            masked=mask_batch(self._assemble(_regimes(sampled, draw)), draw),
            aligned=self._assemble(pairs) if pairs else None,
            aligned_labels=labels,
        )

    def _assemble(self, segments: Sequence[Segment]) -> Batch:
        return assemble(segments, **self._limits)

    def _rows(self, number: int) -> list[int]:
        """Indices of a step: the epochs' permutations, one after the other, cut into steps."""
        start, n = number * self.size, len(self.bags)
        rows: list[int] = []
        while len(rows) < self.size:
            epoch, at = divmod(start + len(rows), n)
            order = torch.randperm(n, generator=self._generator(0, epoch))
            rows += order[at : at + self.size - len(rows)].tolist()
        return list(dict.fromkeys(rows))  # two epochs may meet in a step

    def _generator(self, purpose: int, number: int) -> torch.Generator:
        """Drawn from seed, purpose and number alone, so that no state has to be kept."""
        seed = torch.tensor([self._seed, purpose, number])
        mixed = int(((seed + 1) * torch.tensor([1_000_003, 7_919, 104_729])).sum())
        return torch.Generator().manual_seed(mixed)


def _regimes(segments: Sequence[Segment], draw: torch.Generator) -> list[Segment]:
    """Each with text alone, with video alone, or with both (Sun et al. 2019, section 3.2)."""
    dice = torch.randint(3, (len(segments),), generator=draw).tolist()
    kinds = (Segment.text_only, Segment.video_only, lambda segment: segment)
    return [kinds[k](segment) for segment, k in zip(segments, dice, strict=True)]


def _share(length: int, i: int, count: int) -> slice:
    """The i-th of `count` even shares of `length` rows."""
    return slice(length * i // count, length * (i + 1) // count)


def _rows(batch: Batch, taken: slice) -> Batch:
    """Some of the sequences, without the padding that they do not need."""
    text, visual = (_width(mask[taken]) for mask in (batch.text_mask, batch.visual_mask))
    widths = {"token_ids": text, "text_mask": text}
    cut = {
        f.name: getattr(batch, f.name)[taken, : widths.get(f.name, visual)] for f in fields(batch)
    }
    return replace(batch, **cut)


def _masked_rows(masked: MaskedBatch, taken: slice) -> MaskedBatch:
    batch = _rows(masked.batch, taken)
    text, visual = batch.text_mask.shape[1], batch.visual_mask.shape[1]
    return MaskedBatch(
        batch,
        masked.text_labels[taken, :text],
        masked.visual_labels[taken, :visual],
        masked.features[taken, :visual],
    )


def _aligned_rows(aligned: Batch | None, i: int, count: int) -> Batch | None:
    if aligned is None:
        return None
    taken = _share(len(aligned.words), i, count)
    return _rows(aligned, taken) if taken.start < taken.stop else None


def _width(mask: Tensor) -> int:
    """Columns up to the last that any row uses."""
    return int(mask.sum(1).max()) if len(mask) else 0
