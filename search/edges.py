"""The edges of a moment, moved to where the picture changes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def snap(
    start_s: float, end_s: float, shots: Sequence[float], reach_s: float
) -> tuple[float, float]:
    """The moment from `start_s` to `end_s`, each edge at the nearest shot's edge.

    `shots` are the starts of the video's shots, ascending. An edge moves by `reach_s` at most,
    stays where no shot's edge is so near, and never gets to the moment's middle. While `reach_s`
    is less than half of the shortest moment, moments that do not overlap still do not. Raises
    ValueError when the moment ends before it starts, or `reach_s` is below 0.
    """
    if end_s < start_s:
        raise ValueError(f"a moment cannot end at {end_s} s and start at {start_s} s")
    if reach_s < 0:
        raise ValueError(f"reach_s is {reach_s}; it cannot be below 0")
    middle_s = (start_s + end_s) / 2
    first_s = _nearest(start_s, shots, reach_s)
    last_s = _nearest(end_s, shots, reach_s)
    return (
        start_s if first_s is None or first_s >= middle_s else first_s,
        end_s if last_s is None or last_s <= middle_s else last_s,
    )


def _nearest(time_s: float, shots: Sequence[float], reach_s: float) -> float | None:
    """The shot's edge nearest to `time_s`, the earlier of two; None when out of reach."""
    at = bisect_left(shots, time_s)
    found_s = min(shots[max(0, at - 1) : at + 1], key=lambda t: abs(t - time_s), default=None)
    return found_s if found_s is not None and abs(found_s - time_s) <= reach_s else None
