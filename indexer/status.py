"""What a library holds, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from indexer.store.generation import generation_numbers
from indexer.store.library import Library
from indexer.store.word_queries import SCREEN, SPEECH


@dataclass(frozen=True)
class LibraryStatus:
    """Counts of an opened library; that it opened says that its parts agree."""

    library: str
    videos: int
    files: int
    failed: int
    channels: dict[str, int]
    """Channel, such as `speech` -> number of videos that have words of it."""
    clips: int
    generation: int
    generations: list[int]
    """Numbers that are kept, the live one included."""
    encoder: str
    created_at: str
    """When the live generation was made, ISO 8601."""
    failures: list[str]
    """What is wrong with each file that failed, and what to do about it."""

    def describe(self) -> str:
        kept = ", ".join(map(str, self.generations))
        speech, screen = self.channels[SPEECH], self.channels[SCREEN]
        return (
            f"{self.library}\n"
            f"  {self.videos} videos in {self.files} files, {self.failed} of which failed\n"
            f"  speech in {speech} videos, on-screen text in {screen}\n"
            f"  generation {self.generation} of {self.created_at}: {self.clips} clips "
            f"(kept: {kept})\n"
            f"  encoder {self.encoder}"
            + "".join(f"\n  failed   {message}" for message in self.failures)
        )


def library_status(root: Path) -> LibraryStatus:
    """Raises LibraryNotFound and LibraryMismatch."""
    with Library.open(root) as library:
        manifest = library.generation.manifest
        return LibraryStatus(
            library=str(root),
            **library.catalog.counts(),
            channels=library.catalog.words.counts(),
            clips=manifest.clip_count,
            generation=manifest.number,
            generations=sorted(generation_numbers(library.paths)),
            encoder=manifest.encoder,
            created_at=manifest.created_at,
            failures=[file.error for file in library.catalog.files().values() if file.error],
        )
