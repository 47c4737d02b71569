"""The channel `name`: what the files of a video, and the folders that they lie in, are called."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from indexer.channels.channel import Found
from indexer.channels.video import ChannelVideo
from indexer.store.records import NewPassage
from indexer.store.word_queries import NAME

RECIPE = "1"
MOST_CHARACTERS = 5000
"""Of one text: a description may be a book."""


class Names:
    """File names, folders below the library's roots, and what metadata call the video."""

    name = NAME

    def __init__(self, roots: Sequence[Path], details: dict[int, list[str]]) -> None:
        """`details` holds titles, tags and the like by video id."""
        self._roots = sorted(roots, key=lambda root: len(root.parts), reverse=True)
        self._details = details

    def key(self, video: ChannelVideo) -> str:
        texts = json.dumps([RECIPE, *self._texts(video)])
        return hashlib.sha256(texts.encode("utf-8", "surrogatepass")).hexdigest()

    def find(self, video: ChannelVideo) -> Found:
        return Found([NewPassage(text) for text in self._texts(video)], "names")

    def _texts(self, video: ChannelVideo) -> list[str]:
        """Each once, file names first."""
        folders = (self._folder(file) for file in video.files)
        texts: Iterable[str] = (
            *(file.stem for file in video.files),
            *(folder for folder in folders if folder),
            *self._details.get(video.id, []),
        )
        return list(dict.fromkeys(text[:MOST_CHARACTERS] for text in texts))

    def _folder(self, file: Path) -> str:
        """The folders of a file, from its root's own name on."""
        for root in self._roots:
            if file.is_relative_to(root):
                return str(file.parent.relative_to(root.parent))
        return file.parent.name
