"""Where everything of a library lies."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


def default_library() -> Path:
    """`VIDEOBERT_LIBRARY`, else `videobert` in the user's data folder."""
    if chosen := os.environ.get("VIDEOBERT_LIBRARY"):
        return Path(chosen)
    return Path.home() / ".local" / "share" / "videobert"


@dataclass(frozen=True)
class LibraryPaths:
    """The layout of a library folder. Properties only name places, they make none."""

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "library.toml"

    @property
    def catalog(self) -> Path:
        return self.root / "catalog.sqlite"

    @property
    def lock(self) -> Path:
        return self.root / "indexer.lock"

    @property
    def generations(self) -> Path:
        return self.root / "generations"

    @property
    def current(self) -> Path:
        return self.root / "CURRENT"

    @property
    def shards(self) -> Path:
        return self.root / "shards"

    def shard(self, encoder: str, content: str) -> Path:
        return self.shards / encoder / f"{content}.safetensors"

    def speech(self, encoder: str, content: str) -> Path:
        return self.shards / encoder / f"{content}.speech.safetensors"

    def reading(self, content: str) -> Path:
        return self.root / "readings" / f"{content}.json"

    @property
    def models(self) -> Path:
        return self.root / "models"

    def model(self, fingerprint: str) -> Path:
        return self.models / fingerprint

    @property
    def training(self) -> Path:
        return self.root / "training"

    @property
    def teachers(self) -> Path:
        """What `train --teacher` saw, by the tower's fingerprint and the content."""
        return self.training / "teachers"

    @property
    def background(self) -> Path:
        """Vectors of everyday sentences, see `search.background`; made again when deleted."""
        return self.root / "background"

    @property
    def media(self) -> Path:
        return self.root / "media"

    def artwork(self, content: str) -> Path:
        return self.media / content

    def generation(self, number: int) -> Path:
        return self.generations / f"{number:06d}"
