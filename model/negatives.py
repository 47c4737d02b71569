"""Text and video that do not belong together, for linguistic-visual alignment.

The paper does not say how it draws them (Sun et al. 2019, section 3.2). Drawn blindly, many of them
still match: the same sentence is said in other videos, and windows of neighbours overlap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from model.sequence import Segment

NONE = -1


def still_matches(text: Segment, video: Segment) -> bool:
    """Whether the text of one segment may describe what the other shows.

    It does when both cover a window of the same video, or when one of their texts contains the
    other.
    """
    overlaps = text.video == video.video and text.start < video.end and video.start < text.end
    return overlaps or _contains(text.pieces, video.pieces) or _contains(video.pieces, text.pieces)


def honest_negatives(segments: Sequence[Segment], generator: torch.Generator) -> Tensor:
    """For each video of (B,) segments a segment whose text does not match it: (B,) int64 indices.

    Texts of other videos are preferred to those of its own. NONE where all texts match.
    """
    return torch.tensor([_negative(i, segments, generator) for i in range(len(segments))]).long()


def alignment_pairs(
    segments: Sequence[Segment], generator: torch.Generator
) -> tuple[list[Segment], Tensor]:
    """Half the segments as they are, labelled 1, and half with another's text, labelled 0.

    Segments that lack text or video, or that no text mismatches, are left out: the list may be
    empty. Labels are (N,) float32.
    """
    whole = [s for s in segments if s.pieces and len(s.times)]
    negatives = honest_negatives(whole, generator)
    usable = (negatives != NONE).nonzero().squeeze(1)  # (N,)
    coin = torch.randint(2, (), generator=generator)
    order = torch.randperm(len(usable), generator=generator)
    labels = (order >= (len(usable) + coin) // 2).float()
    pairs = [
        whole[i] if aligned else replace(whole[i], pieces=whole[int(negatives[i])].pieces)
        for i, aligned in zip(usable.tolist(), labels.tolist(), strict=True)
    ]
    return pairs, labels


def _negative(i: int, segments: Sequence[Segment], generator: torch.Generator) -> int:
    honest = [j for j, other in enumerate(segments) if not still_matches(other, segments[i])]
    elsewhere = [j for j in honest if segments[j].video != segments[i].video]
    choice = elsewhere or honest
    if not choice:
        return NONE
    return choice[int(torch.randint(len(choice), (), generator=generator))]


def _contains(longer: tuple[int, ...], shorter: tuple[int, ...]) -> bool:
    """Whether `shorter` is a stretch of `longer`."""
    n = len(shorter)
    return any(longer[i : i + n] == shorter for i in range(len(longer) - n + 1))
