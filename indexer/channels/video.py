"""A video of the library, as its channels look at it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from indexer.channels.stamps import stamp
from indexer.store.catalog import Catalog


@dataclass(frozen=True)
class ChannelVideo:
    """One content that was read, with the files that hold it, by name."""

    id: int
    content: str
    files: tuple[Path, ...]
    recipes: dict[str, str]
    """How the parts of its reading were made."""
    duration_s: float
    fps: float | None

    @cached_property
    def is_at_hand(self) -> bool:
        """Whether all its files are there, and their folders can be looked into.

        Where a disk was mounted an empty folder stays: that the folder is there says nothing.
        """
        return all(stamp(file) and os.access(file.parent, os.R_OK) for file in self.files)


def channel_videos(catalog: Catalog) -> list[ChannelVideo]:
    """Every video that has a file and was read, by id."""
    files: dict[str, list[Path]] = {}
    for record in catalog.files().values():
        if record.content is not None:
            files.setdefault(record.content, []).append(Path(record.path))
    return [
        ChannelVideo(
            id=video.id,
            content=video.content,
            files=tuple(sorted(files[video.content])),
            recipes=video.recipes,
            duration_s=video.duration_s,
            fps=video.fps,
        )
        for video in catalog.words.videos()
    ]
