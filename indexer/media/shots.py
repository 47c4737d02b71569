"""Where one shot ends and the next begins, from two pictures a second.

Decoding every picture only for this would cost several times what indexing costs. Half a second
apart, moving things and cameras change much of a picture too, so that pictures are compared by
their colours and by blocks that may have moved, and a cut must stand out from its surroundings.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from indexer.media.cut_times import CutTimes
from indexer.media.likeness import Look, unlikeness

SHORTEST_S = 0.5
"""No shot is shorter; of changes that lie closer the clearer one counts."""
_LEAST = 0.235
"""How unlike the samples on both sides of a cut are at least."""
_MOTION_SHARE = 0.5
"""A cut is so much more unlike as the share of what is usual around it."""
_NEIGHBOURS = 2
_NEAR_S = 1.25
"""What is farther away in time says nothing of the motion here: a slide stays for long."""


class ShotDetector:
    """Finds the cuts of one video from its samples, given in order of time.

    A dissolve or fade of up to a second is one change, somewhere inside of it; slower ones may
    be missed. A flash, or anything else that is gone at the next sample, is none.
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[float, Look]] = deque(maxlen=4)
        self._gaps: list[tuple[float, float]] = []
        """(start_s, end_s) between neighbouring samples."""
        self._cuts_s: list[float] = []
        """For each gap, when its cut would be."""
        self._steps: list[float] = []
        """For each gap, how unlike its two samples are."""
        self._lasting: list[float] = []
        """For each gap, how unlike what is before it stays to what is after."""
        self._times = CutTimes()

    def coded(self, time_s: float, size: int, key: bool) -> None:
        """A coded picture, decoded or not: shown at `time_s`, `size` bytes (0: not known).

        In decoding order, and before the first sample that is shown later. Where this is not
        called, a cut is placed in the middle between two samples.
        """
        self._times.add(time_s, size, key)

    def add(self, time_s: float, sample: NDArray[np.uint8]) -> None:
        """The next sample: (h, w, 3) uint8 RGB, at a later time than the one before."""
        self._seen.append((time_s, Look.of(sample)))
        if len(self._seen) > 1:
            (start_s, before), (_, after) = self._seen[-2], self._seen[-1]
            self._gaps.append((start_s, time_s))
            self._cuts_s.append(self._times.between(start_s, time_s))
            self._steps.append(unlikeness(before, after))
        if len(self._seen) > 2:
            self._settle(len(self._seen) - 3)

    def finish(self, duration_s: float) -> tuple[float, ...]:
        """Start of each shot in seconds, ascending, the first 0; each SHORTEST_S long or longer.

        A video that is shorter than that is one shot.
        """
        if len(self._seen) > 1:
            self._settle(len(self._seen) - 2)
        edges_s = [0.0, duration_s]
        strengths = {gap: self._strength(gap) for gap in range(len(self._gaps))}
        keys_s = np.array(self._times.irregular_keys())
        for gap in sorted(strengths, key=lambda gap: -strengths[gap]):
            time_s = self._exact(gap, keys_s)
            apart = all(abs(time_s - edge_s) >= SHORTEST_S for edge_s in edges_s)
            if strengths[gap] >= _LEAST and apart:
                edges_s.append(time_s)
        return tuple(sorted({0.0, *edges_s} - {duration_s}))

    def _settle(self, index: int) -> None:
        """Judge the gap after the sample `index` of those held."""
        step = self._steps[len(self._lasting)]
        if step >= _LEAST:
            seen = list(self._seen)
            before, after = seen[: index + 1][::-1][:2], seen[index + 1 :][:2]
            step = min(unlikeness(a, b) for a in _near(before) for b in _near(after))
        self._lasting.append(step)

    def _strength(self, gap: int) -> float:
        """How much the change in `gap` stands out."""
        start_s, end_s = self._gaps[gap]
        around = [
            self._steps[other]
            for other in range(max(0, gap - _NEIGHBOURS), gap + _NEIGHBOURS + 1)
            if other != gap and other < len(self._gaps)
            if abs(self._gaps[other][0] - start_s) <= _NEAR_S
            and abs(self._gaps[other][1] - end_s) <= _NEAR_S
        ]
        usual = float(np.median(around)) if around else 0.0
        return self._lasting[gap] - _MOTION_SHARE * usual

    def _exact(self, gap: int, keys_s: NDArray[np.float64]) -> float:
        """When the change in `gap` is: at a key picture that came early, if there is one."""
        start_s, end_s = self._gaps[gap]
        inside = keys_s[(keys_s > start_s) & (keys_s <= end_s)]
        return float(inside[0]) if len(inside) else self._cuts_s[gap]


def _near(samples: Iterable[tuple[float, Look]]) -> list[Look]:
    """The look beside the gap, and the next if it is near in time."""
    (first_s, first), *rest = samples
    return [first, *(look for time_s, look in rest if abs(time_s - first_s) <= _NEAR_S)]
