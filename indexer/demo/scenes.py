"""What a demo video is made of: a story of shots, each a camera move over one photograph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class View:
    """What the camera sees of a photograph: where it looks, and how much of it."""

    x: float
    """Centre, share of the photograph's width."""
    y: float
    """Centre, share of its height."""
    width: float
    """Share of the widest picture of the film's shape that the photograph has room for."""


@dataclass(frozen=True)
class Shot:
    """A slow move from one view of a photograph to another."""

    photograph: str
    duration_s: float
    start: View
    end: View
    subtitle: str
    queries: tuple[str, ...] = ()
    """Words that find this shot before all others."""
    inks: tuple[Colour, Colour] | None = None
    """RGB of black and of white, to colour a grey picture with."""
    margin: float = 0.0
    """Share of the photograph's width to add on every side, in the colours of its edges."""


@dataclass(frozen=True)
class Story:
    """One video: shots with hard cuts between them."""

    name: str
    """File name without its extension."""
    shots: tuple[Shot, ...]

    @property
    def duration_s(self) -> float:
        return sum(shot.duration_s for shot in self.shots)

    def timeline(self) -> Iterator[tuple[float, float, Shot]]:
        """Each shot with the seconds at which it starts and ends."""
        start_s = 0.0
        for shot in self.shots:
            yield start_s, start_s + shot.duration_s, shot
            start_s += shot.duration_s
