"""Which parts of each content were read, which are missing, and where new ones go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from indexer.errors import CorruptShard
from indexer.media.parts import FILE
from indexer.media.reading import Reading, Transcript
from indexer.store.paths import LibraryPaths
from indexer.store.readings import StoredReading, read_reading, write_reading
from indexer.store.word_queries import SPEECH
from indexer.store.words import WordsWriter

_FIELDS = {FILE: ("tags", "chapters", "subtitles")}
"""Fields of a `Reading` that a part fills; the others are called as their part."""


class Readings:
    """The readings of a library, against the `recipes` that are wanted: part -> how."""

    def __init__(self, paths: LibraryPaths, words: WordsWriter, recipes: Mapping[str, str]) -> None:
        self._paths = paths
        self._words = words
        self._recipes = dict(recipes)
        self.complete = words.read_contents(recipes)
        """Contents of which nothing is missing, as the catalog knows."""

    def missing(self, content: str) -> tuple[str, ...]:
        """Parts that have to be read out of the file; the catalog may not know the others yet."""
        if content in self.complete:
            return ()
        made = stored.recipes if (stored := self.stored(content)) else {}
        return tuple(part for part, recipe in self._recipes.items() if made.get(part) != recipe)

    def stored(self, content: str) -> StoredReading | None:
        """What lies on disk of a content; one that is damaged is removed."""
        path = self._paths.reading(content)
        try:
            return read_reading(path)
        except FileNotFoundError:
            return None
        except CorruptShard:
            path.unlink()  # it is made again from the video
            return None

    def of(self, content: str) -> StoredReading:
        """What lies on disk of a content that was read. Raises CorruptShard, also for none."""
        path = self._paths.reading(content)
        try:
            return read_reading(path)
        except FileNotFoundError:
            raise CorruptShard(
                f"{path}: what was read of a video is gone. Run `videobert rebuild`: the video is "
                "read again."
            ) from None

    def enter(self, content: str, reading: Reading, parts: tuple[str, ...]) -> None:
        """Keep the `parts` of a content, whose video the catalog must know, with those it had."""
        recipes = {part: self._recipes[part] for part in parts}
        self._merge(content, recipes, dict(_fields(reading, parts)))

    def give_up(self, content: str, parts: tuple[str, ...]) -> None:
        """Note that `parts` cannot be read: they are not tried again, and stay as they were."""
        self._merge(content, {part: self._recipes[part] for part in parts}, {})

    def enter_speech(self, content: str, speech: Transcript, recipe: str) -> None:
        """Keep what the recogniser `recipe` heard."""
        self._merge(content, {SPEECH: recipe}, {SPEECH: speech})

    def adopt(self, content: str) -> None:
        """Have the catalog know what lies on disk of a content, if it does not yet."""
        if content not in self.complete:
            self._merge(content, {}, {})

    def _merge(self, content: str, recipes: dict[str, str], fields: dict[str, object]) -> None:
        before = self.stored(content) or StoredReading(content, {}, Reading())
        merged = StoredReading(
            content,
            before.recipes | recipes,
            replace(before.reading, **fields),  # type: ignore[arg-type]
        )
        if recipes:
            write_reading(self._paths.reading(content), merged)
        self._words.put_reading(content, merged.recipes, merged.reading.shots or ())
        if self._recipes.items() <= merged.recipes.items():
            self.complete.add(content)


def _fields(reading: Reading, parts: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    for part in parts:
        for name in _FIELDS.get(part, (part,)):
            yield name, getattr(reading, name)
