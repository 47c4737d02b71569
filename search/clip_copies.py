"""What of an uploaded clip is copied out of given videos, by fingerprints."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.copies.finder import CopyOptions, find_copies
from indexer.copies.match import Match
from indexer.copies.pictures import Shades
from search.aligned_part import AlignedPart
from search.evidence import PICTURE
from search.fusion import Candidate, best_first

_CLIP = -1
"""Less than every id of a video, so that the clip is `a` of each match."""
_OPTIONS = CopyOptions(shared_s=2.0)
"""A part of a compilation is short; who uploads it asks for just that."""


def clip_copies(clip: Shades, videos: Mapping[int, Shades]) -> list[Candidate]:
    """The copied stretches, best first; (cells, 144) shades, `videos` by id.

    Stretches of one video that lie on each other, for the clip shows it twice, are one candidate
    of several parts. The score is 1 - (1 - correlation of the pictures) / 10, .97 to 1: what
    passes as a copy is one, as `python -m benchmarks.alignment` counts.
    """
    matches = find_copies({_CLIP: clip, **videos}, new={_CLIP}, options=_OPTIONS)
    found: list[Candidate] = []
    for match in sorted(matches, key=lambda one: (-one.similarity, one.b, one.a_start_s)):
        _place(found, match)
    return best_first(found)


def _place(found: list[Candidate], match: Match) -> None:
    """Into the candidates that it lies on, which become one with it, or as a new one."""
    one = _candidate(match)
    for other in [c for c in found if c.video_id == one.video_id and _overlap(c, one)]:
        found.remove(other)
        one.start_s, one.end_s = min(one.start_s, other.start_s), max(one.end_s, other.end_s)
        one.strengths[PICTURE] = max(one.strengths[PICTURE], other.strengths[PICTURE])
        one.aligned = sorted([*one.aligned, *other.aligned], key=lambda part: part.clip_start_s)
    found.append(one)


def _candidate(match: Match) -> Candidate:
    part = AlignedPart(
        clip_start_s=match.a_start_s,
        clip_end_s=match.a_end_s,
        start_s=match.b_start_s,
        end_s=match.b_end_s,
        speed=1 / match.speed,
        kind="copy",
    )
    certainty = 1 - (1 - min(1.0, match.similarity)) / 10
    return Candidate(match.b, match.b_start_s, match.b_end_s, {PICTURE: certainty}, aligned=[part])


def _overlap(one: Candidate, other: Candidate) -> bool:
    return one.start_s < other.end_s and other.start_s < one.end_s
