"""What a library holds, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from indexer.store.library import Library
from indexer.store.publisher import generation_numbers


@dataclass(frozen=True)
class LibraryStatus:
    """Counts of an opened library; that it opened says that its parts agree."""

    library: str
    videos: int
    files: int
    failed: int
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
        return (
            f"{self.library}\n"
            f"  {self.videos} videos in {self.files} files, {self.failed} of which failed\n"
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
            clips=manifest.clip_count,
            generation=manifest.number,
            generations=sorted(generation_numbers(library.paths)),
            encoder=manifest.encoder,
            created_at=manifest.created_at,
            failures=[file.error for file in library.catalog.files().values() if file.error],
        )
