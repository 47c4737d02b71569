"""Passages as full text finds them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PassageHit:
    """A passage that was found. Times are seconds, None for what holds for the whole video."""

    passage_id: int
    video_id: int
    channel: str
    start_s: float | None
    end_s: float | None
    text: str
    language: str
    score: float
    """BM25, above 0; comparable between the hits of one query only."""
    coverage: float
    """Above 0 to 1: how much of what was asked is there, rare words counting more (by idf)."""
