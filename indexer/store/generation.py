"""A generation: the vectors of one state of the library, on disk, never changed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from indexer.errors import LibraryMismatch
from indexer.store.atomic import write_atomically
from indexer.store.vectors import FaissStore, VectorStore

FORMAT = 1
VECTORS, MANIFEST = "vectors.faiss", "manifest.json"


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


class Generation:
    """An opened generation: manifest and vectors."""

    def __init__(self, manifest: Manifest, vectors: VectorStore) -> None:
        self.manifest = manifest
        self.vectors = vectors

    @property
    def number(self) -> int:
        return self.manifest.number

    @classmethod
    def open(cls, folder: Path) -> Generation:
        """Raises LibraryMismatch when manifest and vectors do not agree."""
        manifest = read_manifest(folder)
        path = folder / VECTORS
        size = path.stat().st_size if path.exists() else -1
        if size != manifest.vectors_bytes:
            raise _damaged(path, f"{size} bytes, the manifest says {manifest.vectors_bytes}")
        vectors = FaissStore.load(path)
        if (len(vectors), vectors.dim) != (manifest.clip_count, manifest.dim):
            raise _damaged(path, f"{len(vectors)} vectors, the manifest says {manifest.clip_count}")
        return cls(manifest, vectors)


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


def _damaged(path: Path, reason: str) -> LibraryMismatch:
    return LibraryMismatch(
        f"{path}: the generation is damaged ({reason}). Run `videobert rollback` to go back to the "
        "one before, or `videobert rebuild` to make it anew from the shards."
    )
