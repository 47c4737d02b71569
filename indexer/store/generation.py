"""Generations: the vectors of one state of the library, on disk, never changed; which is live."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from indexer.errors import LibraryMismatch
from indexer.store.atomic import write_atomically
from indexer.store.paths import LibraryPaths
from indexer.store.vectors import FaissStore, VectorStore

FORMAT = 1
VECTORS, SENTENCES, MANIFEST = "vectors.faiss", "sentences.faiss", "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """What a generation says of itself."""

    number: int
    encoder: str
    dim: int
    clip_count: int
    id_sum: int
    """Sum of the clip ids: with the count, what the catalog has to agree with."""
    vectors_sha256: str
    vectors_bytes: int
    created_at: str
    """ISO 8601, UTC."""
    index: str = "flat inner product"
    checks: list[dict[str, Any]] = field(default_factory=list)
    """What was verified before it went live."""
    model: str | None = None
    """`model` of library.toml when it was made, for those who look for its encoder."""
    format: int = FORMAT
    sentence_count: int = 0
    """Vectors of what is said; their ids are those of passages."""
    sentence_id_sum: int = 0
    sentences_sha256: str = ""
    sentences_bytes: int = 0

    def files(self) -> list[tuple[str, int, str]]:
        """(name, size in bytes, SHA-256) of each file of vectors."""
        clips = (VECTORS, self.vectors_bytes, self.vectors_sha256)
        spoken = (SENTENCES, self.sentences_bytes, self.sentences_sha256)
        return [clips, spoken] if self.sentence_count else [clips]


class Generation:
    """An opened generation: its manifest, and the vectors of clips and of sentences."""

    def __init__(self, manifest: Manifest, vectors: VectorStore, sentences: VectorStore) -> None:
        self.manifest = manifest
        self.vectors = vectors
        self.sentences = sentences

    @property
    def number(self) -> int:
        return self.manifest.number

    @classmethod
    def open(cls, folder: Path) -> Generation:
        """Raises LibraryMismatch when manifest and vectors do not agree."""
        manifest = read_manifest(folder)
        vectors = _load(folder / VECTORS, manifest.clip_count, manifest.vectors_bytes, manifest.dim)
        sentences: VectorStore = FaissStore(manifest.dim)
        if manifest.sentence_count:
            sentences = _load(
                folder / SENTENCES, manifest.sentence_count, manifest.sentences_bytes, manifest.dim
            )
        return cls(manifest, vectors, sentences)


def _load(path: Path, count: int, size: int, dim: int) -> FaissStore:
    """Raises LibraryMismatch unless `count` vectors of `dim` numbers lie in `size` bytes."""
    found = path.stat().st_size if path.exists() else -1
    if found != size:
        raise _damaged(path, f"{found} bytes, the manifest says {size}")
    vectors = FaissStore.load(path)
    if (len(vectors), vectors.dim) != (count, dim):
        raise _damaged(path, f"{len(vectors)} vectors, the manifest says {count}")
    return vectors


def read_manifest(folder: Path) -> Manifest:
    """Raises LibraryMismatch when there is none, or one of another format."""
    path = folder / MANIFEST
    try:
        manifest = Manifest(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(path, str(error)) from error
    if manifest.format != FORMAT:
        raise _damaged(path, f"format {manifest.format}, this version reads {FORMAT}")
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), indent=2) + "\n"
    write_atomically(folder / MANIFEST, text.encode())


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def generation_numbers(paths: LibraryPaths) -> set[int]:
    """Numbers of the generations on disk."""
    if not paths.generations.exists():
        return set()
    return {int(entry.name) for entry in paths.generations.iterdir() if entry.name.isdigit()}


def current_generation(paths: LibraryPaths) -> int | None:
    """The number that CURRENT names, None before the first was published.

    Raises LibraryMismatch when CURRENT holds no number.
    """
    try:
        return int(paths.current.read_text("ascii"))
    except FileNotFoundError:
        return None
    except ValueError:
        raise LibraryMismatch(
            f"{paths.current}: names no generation. Run `videobert rebuild`, or `videobert "
            "rollback --to` one of those in `generations`."
        ) from None


def set_current(paths: LibraryPaths, number: int) -> None:
    """Make a generation live; a running server sees it at its next request."""
    write_atomically(paths.current, f"{number:06d}\n".encode())


def _damaged(path: Path, reason: str) -> LibraryMismatch:
    return LibraryMismatch(
        f"{path}: the generation is damaged ({reason}). Run `videobert rollback` to go back to the "
        "one before, or `videobert rebuild` to make it anew from the shards."
    )
