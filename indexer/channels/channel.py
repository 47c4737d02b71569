"""The contract of a channel: passages of a video, and a key that says when they change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from indexer.channels.video import ChannelVideo
from indexer.media.details import Details
from indexer.store.records import NewPassage


@dataclass(frozen=True)
class Found:
    """What a channel found of one video."""

    passages: list[NewPassage] = field(default_factory=list)
    description: str = ""
    """Of the source, for people; empty when there is none."""
    problems: tuple[tuple[str, str], ...] = ()
    """(path, what is wrong with it) of sources that could not be read."""
    again: bool = False
    """Whether a failure may pass: the next run tries again though the key is the same."""
    details: Details | None = None
    """What else was learnt of the video."""


class Channel(Protocol):
    """Finds the passages of one channel."""

    name: str

    def key(self, video: ChannelVideo) -> str:
        """Cheap to have: as long as it stays the same, so do the passages."""

    def find(self, video: ChannelVideo) -> Found:
        """The passages, in order. Raises CorruptShard where its reading is damaged or gone."""
