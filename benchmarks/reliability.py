"""Reliability of probabilities (Niculescu-Mizil & Caruana 2005): bins, errors, and a diagram."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10
SIDE_PX, MARGIN_PX = 320, 48
COLOURS = ("#1f77b4", "#d62728", "#2ca02c")

Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class Bin:
    """Answers of about the same score."""

    predicted: float
    """Mean score, 0 to 1."""
    observed: float
    """Share that was right."""
    count: int


def bins_of(scores: Float64, right: Float64) -> list[Bin]:
    """Scores (N,) 0 to 1 and outcomes (N,) 0 or 1 -> the bins that are not empty, ascending."""
    places = np.minimum((scores * BINS).astype(int), BINS - 1)
    return [
        Bin(float(scores[own].mean()), float(right[own].mean()), int(own.sum()))
        for place in range(BINS)
        if (own := places == place).any()
    ]


def error(bins: Sequence[Bin]) -> float:
    """Expected calibration error (Naeini et al. 2015): the mean distance, weighted by counts."""
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.predicted - one.observed) for one in bins) / total


def brier(scores: Float64, right: Float64) -> float:
    """Mean squared distance of scores to outcomes (Brier 1950)."""
    return float(((scores - right) ** 2).mean())


def draw(lines: Mapping[str, Sequence[Bin]]) -> str:
    """An SVG: predicted to the right, observed upwards, one line for each name."""
    size = SIDE_PX + 2 * MARGIN_PX
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{size}" height="{size}" fill="white"/>',
        f'<path d="M{_x(0)} {_y(1)}V{_y(0)}H{_x(1)}" fill="none" stroke="black"/>',
        f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#999" stroke-dasharray="4"/>',
        *(_tick(place / 5) for place in range(6)),
        f'<text x="{size / 2}" y="{size - 8}" text-anchor="middle">score of a moment</text>',
        f'<text transform="translate(14 {size / 2}) rotate(-90)" text-anchor="middle">'
        "share that is right</text>",
    ]
    for place, (name, bins) in enumerate(lines.items()):
        parts += _line(name, bins, COLOURS[place % len(COLOURS)], place)
    return "\n".join([*parts, "</svg>", ""])


def _line(name: str, bins: Sequence[Bin], colour: str, place: int) -> list[str]:
    points = " ".join(f"{_x(one.predicted)},{_y(one.observed)}" for one in bins)
    dots = [
        f'<circle cx="{_x(one.predicted)}" cy="{_y(one.observed)}" r="4" fill="{colour}">'
        f"<title>{one.count} moments</title></circle>"
        for one in bins
    ]
    label = f'<text x="{_x(0.05)}" y="{_y(0.95) + 16 * place}" fill="{colour}">{name}</text>'
    return [f'<polyline points="{points}" fill="none" stroke="{colour}"/>', *dots, label]


def _tick(share: float) -> str:
    return (
        f'<text x="{_x(share)}" y="{_y(0) + 16}" text-anchor="middle">{share:.1f}</text>'
        f'<text x="{_x(0) - 6}" y="{_y(share) + 4}" text-anchor="end">{share:.1f}</text>'
    )


def _x(share: float) -> float:
    return round(MARGIN_PX + share * SIDE_PX, 1)


def _y(share: float) -> float:
    return round(MARGIN_PX + (1 - share) * SIDE_PX, 1)
