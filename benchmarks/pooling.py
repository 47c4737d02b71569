"""What a clip resembles by one mean over all of it: what looking part by part is compared with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.store.library import Library
from indexer.store.shards import existing_shard

Float32 = NDArray[np.float32]


class MeanPooling:
    """The videos of one library, each as two vectors: of the joint space, and of the CNN."""

    def __init__(self, library: Library) -> None:
        encoder = library.generation.manifest.encoder
        self._joint: dict[str, Float32] = {}
        self._cnn: dict[str, Float32] = {}
        for path, record in library.catalog.files().items():
            if record.content is not None:
                shard = existing_shard(library.paths.shard(encoder, record.content))
                self._joint[Path(path).name] = _unit(shard.clips)
                self._cnn[Path(path).name] = _unit(shard.tokens)

    def by_joint(self, vector: Float32) -> list[str]:
        """(dim,) unit -> names of all files, the most alike first."""
        return _ranked(vector, self._joint)

    def by_cnn(self, tokens: Float32) -> list[str]:
        """(T, feature_dim) -> the same by what the CNN sees, which no index holds."""
        return _ranked(_unit(tokens), self._cnn)


def _ranked(vector: Float32, videos: dict[str, Float32]) -> list[str]:
    return sorted(videos, key=lambda name: -float(videos[name] @ vector))


def _unit(rows: NDArray[np.floating]) -> Float32:
    """(N, dim) -> (dim,), their mean."""
    mean = rows.astype(np.float32).mean(0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)
