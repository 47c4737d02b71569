"""How good the moments are that were found for one query, given those that were expected.

The matching rule: best first, each answer takes the expected moment of the same video that it
overlaps most, if their IoU is at least `t` and no better answer has taken it. So each expected
moment counts once at most, and each answer too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A stretch of a video, `start_s < end_s`, seconds."""

    video_id: int | None
    """None for a video that the library does not have: it meets nothing."""
    start_s: float
    end_s: float


Answer = Sequence[Place]
"""One result: a moment, and the same moment in the copies that were folded into it."""


def iou(a: Place, b: Place) -> float:
    """What two stretches share over what both cover, 0 to 1; 0 for different videos."""
    if a.video_id is None or a.video_id != b.video_id:
        return 0.0
    shared_s = min(a.end_s, b.end_s) - max(a.start_s, b.start_s)
    together_s = max(a.end_s, b.end_s) - min(a.start_s, b.start_s)
    return max(0.0, shared_s) / together_s


def matched(answers: Sequence[Answer], expected: Sequence[Place], t: float) -> list[bool]:
    """Of each answer, best first, whether it matches at IoU `t`, above 0 and at most 1."""
    left = list(dict.fromkeys(expected))
    found = []
    for answer in answers:
        overlaps = [max((iou(place, one) for place in answer), default=0.0) for one in left]
        best = max(range(len(left)), key=overlaps.__getitem__, default=None)
        hit = best is not None and overlaps[best] >= t
        if hit and best is not None:
            del left[best]
        found.append(hit)
    return found


def hit_at(answers: Sequence[Answer], expected: Sequence[Place], k: int, t: float) -> float:
    """1 when one of the first `k` answers matches, else 0. Its mean is R@k at IoU `t`."""
    return float(any(matched(answers[:k], expected, t)))


def average_precision_at(answers: Sequence[Answer], expected: Sequence[Place], t: float) -> float:
    """Average precision of the answers, where those that match are right. Its mean is mAP."""
    right, total = 0, 0.0
    for rank, hit in enumerate(matched(answers, expected, t), 1):
        right += hit
        total += right / rank if hit else 0.0
    return total / len(set(expected)) if expected else 0.0
