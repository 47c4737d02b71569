"""The sequence that VideoBERT reads: `[CLS] text [>] visual [SEP]` (Sun et al. 2019, section 3.2).

A `Segment` is ragged, a `Batch` is padded. Without video a sequence is `[CLS] text [SEP]`, as the
text BERT knows it; without text it is `[CLS] [>] visual [SEP]`. One batch may hold all three.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor

from model.tokenizer import BEGIN_VISUAL, CLS, PAD, SEP

MAX_TEXT, MAX_VISUAL = 48, 64
"""Word pieces and visual tokens of a sequence, special ones not counted."""


@dataclass(frozen=True, eq=False)
class Segment:
    """What is said and what is seen in a stretch of one video.

    `start` and `end` (exclusive) say which of the video's 1.5 s windows the stretch covers;
    `times` are the windows whose tokens are here, which subsampling makes fewer.
    """

    video: Hashable
    start: int
    end: int
    pieces: tuple[int, ...]  # word pieces, no special tokens
    features: Tensor  # (V, F) float
    words: Tensor  # (V,) int64, visual words
    times: Tensor  # (V,) int64, windows since the video's start, ascending

    def text_only(self) -> Segment:
        """The same without video, for mask completion over text (section 3.2)."""
        return self.at(slice(0))

    def video_only(self) -> Segment:
        """The same without text, for mask completion over visual words (section 3.2)."""
        return replace(self, pieces=())

    def at(self, rows: Tensor | slice) -> Segment:
        """The same with the visual tokens `rows` only."""
        features, words, times = self.features[rows], self.words[rows], self.times[rows]
        return replace(self, features=features, words=words, times=times)


@dataclass(frozen=True, eq=False)
class Batch:
    """B padded sequences. The [SEP] after video is not stored: the network puts it there."""

    token_ids: Tensor  # (B, T) int64: [CLS] text [>], or [CLS] text [SEP] where there is no video
    text_mask: Tensor  # (B, T) bool, False on padding
    features: Tensor  # (B, V, F) float32
    words: Tensor  # (B, V) int64
    times: Tensor  # (B, V) int64, 1.5 s steps since the sequence's first token
    visual_mask: Tensor  # (B, V) bool, False on padding
    visual_masked: Tensor  # (B, V) bool, True where [VMASK] stands instead of what is seen

    def to(self, device: torch.device | str) -> Batch:
        moved = {f.name: getattr(self, f.name).to(device, non_blocking=True) for f in fields(self)}
        return Batch(**moved)


def assemble(
    segments: Sequence[Segment], *, max_text: int = MAX_TEXT, max_visual: int = MAX_VISUAL
) -> Batch:
    """Pad `segments`, cut to the limits, into one batch, in their order.

    Raises ValueError without segments, and for a segment of neither text nor video.
    """
    if not segments:
        raise ValueError("a batch needs at least one segment")
    if any(not segment.pieces and not len(segment.times) for segment in segments):
        raise ValueError("a segment needs text or video, and has neither")
    texts = [_text(segment, max_text) for segment in segments]
    clips = [segment.at(slice(max_visual)) for segment in segments]
    visual_mask = _pad([torch.ones_like(clip.times, dtype=torch.bool) for clip in clips])
    return Batch(
        token_ids=_pad(texts, PAD),
        text_mask=_pad([torch.ones_like(text, dtype=torch.bool) for text in texts]),
        features=_pad([clip.features.float() for clip in clips]),
        words=_pad([clip.words for clip in clips]),
        times=_pad([clip.times - clip.times[:1] for clip in clips]),
        visual_mask=visual_mask,
        visual_masked=torch.zeros_like(visual_mask),
    )


def _text(segment: Segment, max_text: int) -> Tensor:
    """(T,) int64 on the device of the video."""
    last = BEGIN_VISUAL if len(segment.times) else SEP
    ids = [CLS, *segment.pieces[:max_text], last]
    return torch.tensor(ids, device=segment.times.device)


def _pad(rows: list[Tensor], value: float = 0) -> Tensor:
    """Ragged (N, ...) to (B, longest, ...)."""
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=value)
