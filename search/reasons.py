"""Why a moment was found: every channel's strength along the video, and what is to be seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from search.concepts import Concept
from search.evidence import Evidence, Match


@dataclass(frozen=True)
class Point:
    """How sure one channel is of one stretch."""

    start_s: float
    end_s: float
    strength: float
    """0 to 1, as in a result's score."""

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Point:
        """What `to_json` told."""
        return cls(told["start_s"], told["end_s"], told["strength"])

    def to_json(self) -> dict[str, float]:
        return {
            "start_s": round(self.start_s, 3),
            "end_s": round(self.end_s, 3),
            "strength": round(self.strength, 4),
        }


@dataclass(frozen=True)
class Line:
    """One channel along one video, for one clause of the question."""

    clause: str
    """Its words; empty for pictures that were asked with."""
    step: int
    """Which step of a sequence asks for it, from 0."""
    channel: str
    points: tuple[Point, ...]
    """In the order of time."""

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Line:
        """What `to_json` told."""
        points = tuple(map(Point.from_json, told["points"]))
        return cls(told["clause"], told["step"], told["channel"], points)

    def to_json(self) -> dict[str, Any]:
        points = [point.to_json() for point in self.points]
        return {"clause": self.clause, "step": self.step, "channel": self.channel, "points": points}


@dataclass(frozen=True)
class Reasons:
    """What speaks for a moment, and where else in its video the same would."""

    moment: str
    """Its id."""
    lines: tuple[Line, ...]
    matches: tuple[Match, ...]
    """Words of the whole video that answer the question, in the order of time."""
    concepts: tuple[Concept, ...]
    """What the moment shows of what was asked for, best first."""

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Reasons:
        """What `to_json` told, as precisely as it did."""
        return cls(
            told["moment"],
            tuple(map(Line.from_json, told["lines"])),
            tuple(map(Match.from_json, told["matches"])),
            tuple(Concept(**concept) for concept in told["concepts"]),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "moment": self.moment,
            "lines": [line.to_json() for line in self.lines],
            "matches": [match.to_json() for match in self.matches],
            "concepts": [
                {"text": c.text, "shown": round(c.shown, 2), "asked": round(c.asked, 2)}
                for c in self.concepts
            ],
        }


def lines_of(clause: str, step: int, found: Iterable[Evidence]) -> Iterator[Line]:
    """A line for each channel that has evidence with times, strongest channel first."""
    by_channel: dict[str, list[Point]] = {}
    for one in found:
        if one.start_s is not None and one.end_s is not None:
            point = Point(one.start_s, one.end_s, one.strength)
            by_channel.setdefault(one.channel, []).append(point)
    strongest = sorted(by_channel.items(), key=lambda item: -max(p.strength for p in item[1]))
    for channel, points in strongest:
        yield Line(clause, step, channel, tuple(sorted(points, key=lambda p: p.start_s)))
