"""What of an uploaded clip is copied out of given videos, by fingerprints."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.copies.finder import CopyOptions, find_copies
from indexer.copies.match import Match
from indexer.copies.pictures import Shades
from search.aligned_part import AlignedPart
from search.aligned_span import AlignedSpan

_CLIP = -1
"""Less than every id of a video, so that the clip is `a` of each match."""
_OPTIONS = CopyOptions(shared_s=2.0)
"""A part of a compilation is short; who uploads it asks for just that."""


def clip_copies(clip: Shades, videos: Mapping[int, Shades]) -> list[AlignedSpan]:
    """The copied stretches in the clip's order. (cells, 144) shades; `videos` by id."""
    matches = find_copies({_CLIP: clip, **videos}, new={_CLIP}, options=_OPTIONS)
    spans = [_span(match) for match in matches]
    return sorted(spans, key=lambda span: (span.part.clip_start_s, -span.score, span.video_id))


def _span(match: Match) -> AlignedSpan:
    part = AlignedPart(
        clip_start_s=match.a_start_s,
        clip_end_s=match.a_end_s,
        start_s=match.b_start_s,
        end_s=match.b_end_s,
        speed=1 / match.speed,
        kind="copy",
    )
    return AlignedSpan(match.b, min(1.0, match.similarity), part)
