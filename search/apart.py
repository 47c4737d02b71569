"""Non-maximum suppression in time: of stretches that overlap, the best one stays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Placed(Protocol):
    """Some seconds of one video."""

    @property
    def video_id(self) -> int: ...

    @property
    def start_s(self) -> float: ...

    @property
    def end_s(self) -> float: ...


S = TypeVar("S", bound=Placed)


def apart(ranked: Iterable[S]) -> list[S]:
    """Without those that overlap a better one of their video; `ranked` come best first."""
    kept: list[S] = []
    taken: dict[int, list[S]] = {}
    for one in ranked:
        others = taken.setdefault(one.video_id, [])
        if not any(one.start_s < other.end_s and other.start_s < one.end_s for other in others):
            others.append(one)
            kept.append(one)
    return kept
