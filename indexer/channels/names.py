"""The channel `name`: what a video, its files and their folders are called, and by what tags.

Here its details are found too: a title is a name, and both come from the same places.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from indexer.channels.channel import Found
from indexer.channels.stamps import stamp
from indexer.channels.video import ChannelVideo
from indexer.errors import UnreadableFile
from indexer.media.container_details import container_details
from indexer.media.details import Details, described
from indexer.media.parts import FILE
from indexer.media.sidecars import Sidecars, read_sidecars
from indexer.readings import Readings
from indexer.store.records import NewPassage
from indexer.store.word_queries import NAME

RECIPE = "1"


class Names:
    """File names, folders below the library's roots, and what metadata say of the video."""

    name = NAME

    def __init__(self, roots: Sequence[Path], readings: Readings) -> None:
        self._roots = sorted(roots, key=lambda root: len(root.parts), reverse=True)
        self._readings = readings
        self._sidecars = Sidecars()

    def key(self, video: ChannelVideo) -> str:
        sidecars, _ = self._beside(video)
        parts = [RECIPE, video.recipes.get(FILE, ""), *self._called(video)]
        stamps = [stamp(path) for path in sidecars]
        text = json.dumps([parts, stamps])
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def find(self, video: ChannelVideo) -> Found:
        sidecars, troubles = self._beside(video)
        beside, broken = read_sidecars(sidecars)
        reading = self._readings.of(video.content).reading
        details = described(container_details(reading.tags, reading.chapters), beside)
        texts = [*self._called(video), *_said_of(details)]
        passages = [NewPassage(text) for text in dict.fromkeys(texts)]
        passages += [NewPassage(c.text, c.start_s, c.end_s) for c in details.chapters]
        problems = tuple((e.path, f"{e.reason}. {e.remedy}") for e in (*troubles, *broken))
        return Found(passages, "names", problems, details=details)

    def _beside(self, video: ChannelVideo) -> tuple[list[Path], list[UnreadableFile]]:
        """Files that describe it, of all its copies; and folders that cannot be listed."""
        found: list[Path] = []
        troubles = []
        for file in video.files:
            try:
                found += self._sidecars.of(file)
            except UnreadableFile as error:
                troubles.append(error)
        return found, troubles

    def _called(self, video: ChannelVideo) -> list[str]:
        """Files first, each name once."""
        folders = (self._folder(file) for file in video.files)
        names: Iterable[str] = (
            *(file.stem for file in video.files),
            *(folder for folder in folders if folder),
        )
        return list(dict.fromkeys(names))

    def _folder(self, file: Path) -> str:
        """The folders of a file, from its root's own name on."""
        for root in self._roots:
            if file.is_relative_to(root):
                return str(file.parent.relative_to(root.parent))
        return file.parent.name


def _said_of(details: Details) -> Iterator[str]:
    texts = (details.title, " ".join(details.tags), details.author, details.camera)
    yield from (text for text in (*texts, *details.description.splitlines()) if text.strip())
