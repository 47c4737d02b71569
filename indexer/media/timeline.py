"""Timestamps of a stream turned into seconds from the start of the presentation."""

from __future__ import annotations

from fractions import Fraction

_REWIND_S = 1.0
_JUMP_S = 10.0
_DEFAULT_STEP_S = 1 / 25


class Timeline:
    """Places frames in presentation order.

    `origin_s` is the container's start; None takes the first frame's. With `broken` timestamps
    (joined recordings in MPEG-TS) a jump forward is closed; a jump back is closed always.
    """

    def __init__(
        self,
        time_base: Fraction,
        *,
        origin_s: float | None,
        fps: float | None,
        broken: bool = False,
    ) -> None:
        self._unit_s = float(time_base)
        self._origin_s = origin_s
        self._step_s = 1 / fps if fps else _DEFAULT_STEP_S
        self._jump_s = _JUMP_S if broken else float("inf")
        self._last_s: float | None = None
        self.end_s = 0.0
        """End of the latest frame seen so far."""

    @property
    def origin_s(self) -> float | None:
        """The timestamp, in seconds, that is time 0; None before the first frame tells."""
        return self._origin_s

    def place(self, pts: int | None, duration: int | None) -> float:
        """The time of the next displayed frame, in seconds; below 0 is before the start."""
        time_s = self._follow() if pts is None else self.peek(pts)
        if self._last_s is not None and not self._continues(time_s):
            assert self._origin_s is not None
            self._origin_s += time_s - self._follow()
            time_s = self._follow()
        self._last_s = time_s
        self.extend(time_s, duration)
        return time_s

    def peek(self, pts: int) -> float:
        """The time of `pts`, without moving on."""
        if self._origin_s is None:
            self._origin_s = pts * self._unit_s
        return pts * self._unit_s - self._origin_s

    def extend(self, time_s: float, duration: int | None) -> None:
        """Count a frame in that is displayed at `time_s` for `duration` ticks."""
        length_s = duration * self._unit_s if duration and duration > 0 else self._step_s
        self.end_s = max(self.end_s, time_s + length_s)

    def _continues(self, time_s: float) -> bool:
        assert self._last_s is not None
        return self._last_s - _REWIND_S <= time_s <= self._last_s + self._jump_s

    def _follow(self) -> float:
        if self._origin_s is None:
            self._origin_s = 0.0
        return 0.0 if self._last_s is None else self._last_s + self._step_s
