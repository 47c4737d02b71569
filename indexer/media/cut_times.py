"""When between two samples a cut lies, from what the coded pictures weigh.

An encoder that sees a cut puts a key picture there. One that does not, or must keep its key
pictures at fixed times, still pays for it: the first picture after the cut that refers to none
of the next is many times as large as its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_ROUNDING_S = 1e-4
_LARGE = 3.0
"""Times the median of its neighbours."""
_FEWEST = 4
_REGULAR_SHARE = 0.98
_SHORTEST_GAP_S = 0.5
"""Key pictures that follow each other faster say nothing: all are, or nearly."""


@dataclass(frozen=True)
class _Coded:
    time_s: float
    size: int
    key: bool
    after_s: float
    """The latest time that was coded before: pictures from there on may show the new shot."""


class CutTimes:
    """Told of each coded picture in decoding order, and of each sample's time, in turns.

    Holds the pictures since the last sample, and every key picture's time.
    """

    def __init__(self) -> None:
        self._coded: list[_Coded] = []
        self._latest_s = -1.0
        self._keys_s: list[float] = []

    def add(self, time_s: float, size: int, key: bool) -> None:
        """A picture shown at `time_s`, of `size` bytes (0: not known)."""
        self._coded.append(_Coded(time_s, size, key, self._latest_s))
        self._latest_s = max(self._latest_s, time_s)
        if key:
            self._keys_s.append(time_s)

    def between(self, start_s: float, end_s: float) -> float:
        """Where a cut after `start_s` and up to `end_s` would be, if no key picture is there.

        Forgets all pictures up to `end_s`.
        """
        inside = [c for c in self._coded if start_s + _ROUNDING_S < c.time_s <= end_s + _ROUNDING_S]
        self._coded = [c for c in self._coded if c.time_s > end_s + _ROUNDING_S]
        times_s = sorted(c.time_s for c in inside)
        large = _large([c for c in inside if not c.key])
        if large is not None:
            return next(t for t in times_s if t == large.time_s or t > large.after_s)
        return times_s[len(times_s) // 2] if times_s else (start_s + end_s) / 2

    def irregular_keys(self) -> list[float]:
        """Times of the key pictures that came before they had to, ascending.

        The longest gap is what an encoder allows, once it came twice.
        """
        keys_s = np.unique(self._keys_s)
        gaps_s = np.diff(keys_s)
        if len(gaps_s) == 0 or float(np.median(gaps_s)) < _SHORTEST_GAP_S:
            return []
        longest = gaps_s >= _REGULAR_SHARE * gaps_s.max()
        early = ~longest if longest.sum() > 1 else np.ones_like(longest)
        return [float(time_s) for time_s in keys_s[1:][early]]


def _large(coded: list[_Coded]) -> _Coded | None:
    """The one that outweighs the others by far."""
    if len(coded) < _FEWEST:
        return None
    largest = max(coded, key=lambda c: c.size)
    median = float(np.median([c.size for c in coded]))
    return largest if largest.size >= _LARGE * max(median, 1.0) else None
