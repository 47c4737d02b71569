"""Times whose pictures tell at a glance what a video holds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def storyboard(shots: Sequence[float], duration_s: float, most: int) -> list[float]:
    """The middle of each shot in seconds, ascending; of the `most` longest when there are more.

    `shots` are the starts of the shots, ascending; the last ends at `duration_s`. Shots that
    would begin there or later are left out. Raises ValueError when `most` is below 1.
    """
    if most < 1:
        raise ValueError(f"most is {most}; a storyboard has one picture or more")
    edges_s = [*(start_s for start_s in shots if start_s < duration_s), duration_s]
    longest = sorted(pairwise(edges_s), key=lambda shot: (shot[0] - shot[1], shot[0]))[:most]
    return [(start_s + end_s) / 2 for start_s, end_s in sorted(longest)]
