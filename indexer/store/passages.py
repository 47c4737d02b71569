"""Passages as full text finds them, and the statement that fetches them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Executable, Select, exists, select

from indexer.store.schema import File, Passage

Statement: TypeAlias = tuple[Executable, dict[str, Any]]
"""A statement, built once, and its parameters."""


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


def passages_of(ids: Select[int]) -> Executable:
    """What a hit is made of, for those of the passages whose video has a file."""
    return select(
        Passage.id,
        Passage.video_id,
        Passage.channel,
        Passage.start_s,
        Passage.end_s,
        Passage.text,
        Passage.language,
    ).where(Passage.id.in_(ids), exists().where(File.video_id == Passage.video_id))
