"""Vectors of what is said in one video, by one encoder, in one safetensors file beside its shard.

    positions   (S,) int32          positions of the passages of the channel `speech`
    vectors     (S, dim) float32    their unit vectors

Passages in a language that the encoder does not read have none.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.errors import CorruptShard
from indexer.store.atomic import write_atomically


@dataclass(frozen=True)
class SentenceVectors:
    """The contents of such a file."""

    key: str
    """Of the source that the sentences came from, see `SourceRecord`."""
    positions: NDArray[np.int32]
    vectors: NDArray[np.float32]

    @property
    def checksum(self) -> str:
        """SHA-256 over key and tensors, hex."""
        digest = hashlib.sha256(self.key.encode())
        digest.update(np.ascontiguousarray(self.positions).tobytes())
        digest.update(np.ascontiguousarray(self.vectors).tobytes())
        return digest.hexdigest()


def write_sentences(path: Path, sentences: SentenceVectors) -> None:
    """Write the file whole or not at all."""
    from safetensors.numpy import save

    tensors = {
        "positions": np.ascontiguousarray(sentences.positions, np.int32),
        "vectors": np.ascontiguousarray(sentences.vectors, np.float32),
    }
    metadata = {"key": sentences.key, "checksum": sentences.checksum}
    write_atomically(path, save(tensors, metadata))


def read_sentences(path: Path) -> SentenceVectors:
    """Read and check it. Raises CorruptShard, also where there is none."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            found = SentenceVectors(
                metadata["key"], file.get_tensor("positions"), file.get_tensor("vectors")
            )
    except (SafetensorError, KeyError, OSError) as error:
        raise _corrupt(path, str(error)) from error
    if found.checksum != metadata.get("checksum"):
        raise _corrupt(path, "its checksum is wrong")
    return found


def sentences_key(path: Path, *, thorough: bool = False) -> str | None:
    """The key in a file, None where there is none that can be read; `thorough` reads all of it."""
    from safetensors import SafetensorError, safe_open

    if not path.exists():
        return None
    try:
        if thorough:
            return read_sentences(path).key
        with safe_open(path, framework="numpy") as file:
            return (file.metadata() or {}).get("key")
    except (SafetensorError, OSError, CorruptShard):
        return None  # it is made anew


def _corrupt(path: Path, reason: str) -> CorruptShard:
    return CorruptShard(
        f"{path}: the vectors of what is said are damaged ({reason}). Delete the file and run "
        "`videobert rebuild`, which makes it anew."
    )
