"""More sequences out of the same videos (Sun et al. 2019, section 3.2).

Neighbouring sentences are joined, with what is seen during both, and only every n-th visual token
is taken, so that the network meets other lengths and other speeds. Generators are on the CPU.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch

from model.sequence import MAX_TEXT, MAX_VISUAL, Segment

MOST_NEIGHBOURS = 4
LARGEST_STEP = 5


def concatenate_neighbours(
    segments: Sequence[Segment],
    at: int,
    generator: torch.Generator,
    *,
    most: int = MOST_NEIGHBOURS,
    max_text: int = MAX_TEXT,
    max_visual: int = MAX_VISUAL,
) -> Segment:
    """Segment `at` with up to `most` - 1 of its neighbours in the same video, in their order.

    How many, and on which side, is drawn. A neighbour that would exceed a limit stays out, and so
    do those behind it. `segments` are in order of time within each video.
    """
    span = _draw(most, generator) + 1
    before = _draw(span, generator)
    joined = segments[at]
    for side in (reversed(range(at - before, at)), range(at + 1, at - before + span)):
        for i in side:
            if not 0 <= i < len(segments) or segments[i].video != joined.video:
                break
            pair = (segments[i], joined) if i < at else (joined, segments[i])
            longer = _join(*pair)
            if len(longer.pieces) > max_text or len(longer.times) > max_visual:
                break
            joined = longer
    return joined


def subsample(
    segment: Segment, generator: torch.Generator, *, largest_step: int = LARGEST_STEP
) -> Segment:
    """Every n-th visual token, n drawn from 1 to `largest_step`, from a random first one.

    The tokens keep their times, and the segment its span. At least one token is left.
    """
    tokens = len(segment.times)
    if tokens == 0:
        return segment
    step = _draw(largest_step, generator) + 1
    first = _draw(min(step, tokens), generator)
    return segment.at(slice(first, tokens, step))


def _join(first: Segment, second: Segment) -> Segment:
    """Both, in this order; a window that both of them cover is taken once."""
    new = second.at(~torch.isin(second.times, first.times))
    return replace(
        first,
        start=min(first.start, second.start),
        end=max(first.end, second.end),
        pieces=first.pieces + second.pieces,
        features=torch.cat([first.features, new.features]),
        words=torch.cat([first.words, new.words]),
        times=torch.cat([first.times, new.times]),
    )


def _draw(below: int, generator: torch.Generator) -> int:
    """Uniform in 0 ... below - 1."""
    return int(torch.randint(below, (), generator=generator))
