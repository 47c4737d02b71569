"""What a candidate generation has to pass before it goes live."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import GenerationRefused
from indexer.store.candidate import Candidate
from indexer.store.catalog import Catalog
from indexer.store.paths import LibraryPaths
from indexer.store.records import EncodingRecord
from indexer.store.shards import read_shard
from indexer.store.vectors import VectorStore
from model.encoder import Encoder

CANARY_TEXTS = (
    "a person talking to the camera",
    "a dog running on grass",
    "a car driving on a road",
    "waves on a beach",
    "food being cooked in a kitchen",
    "people dancing on a stage",
    "a mountain landscape",
    "a computer screen",
)
CANARY_SHARDS = 16
CHUNK = 10_000
FEW_VIDEOS = 8
"""So few may well be alike: copies in several formats, or all of them black."""
SAME = 0.9999
"""Cosine from which two vectors count as the same."""

Check = dict[str, Any]


def verify_candidate(candidate: Candidate) -> list[Check]:
    """Its clips and its sentences, each by themselves. Raises GenerationRefused."""
    return [
        *verify_vectors(candidate.vectors, candidate.live),
        *verify_sentences(candidate.sentences, candidate.said),
    ]


def verify_vectors(vectors: VectorStore, live: list[EncodingRecord]) -> list[Check]:
    """Counts, finite unit vectors, and that they differ. Raises GenerationRefused."""
    expected = sum(encoding.clip_count for encoding in live)
    _require(
        len(vectors) == expected, "counts", f"{len(vectors)} vectors for {expected} clips in SQL"
    )
    ids = vectors.ids()
    _require_units(vectors, ids)
    _require(_are_varied(vectors, ids, len(live)), "varied", "all vectors are the same")
    return [
        {"name": "counts", "detail": f"{expected} clips of {len(live)} videos"},
        {"name": "finite", "detail": "all of unit length"},
        {"name": "varied", "detail": "vectors differ"},
    ]


def verify_sentences(sentences: VectorStore, said: Set[int]) -> list[Check]:
    """Finite unit vectors of the passages `said`, each once. Raises GenerationRefused."""
    ids = sentences.ids()
    _require(
        ids.tolist() == sorted(said),
        "sentences",
        f"{len(ids)} vectors for {len(said)} sentences in SQL, or of others",
    )
    _require_units(sentences, ids)
    return [{"name": "sentences", "detail": f"{len(said)}, all of unit length"}]


@dataclass(frozen=True)
class NightlyVerification:
    """`verify_candidate`, and that the candidate answers: by shards, and by words."""

    paths: LibraryPaths
    catalog: Catalog
    encoder: Encoder

    def __call__(self, candidate: Candidate) -> list[Check]:
        return [
            *verify_candidate(candidate),
            self._canary_shards(candidate.vectors, candidate.live),
            self._canary_texts(candidate.vectors, candidate.live),
        ]

    def _canary_shards(self, vectors: VectorStore, live: list[EncodingRecord]) -> Check:
        """A few shards' clips, looked for by their own vectors, must be found first."""
        chosen = live[:: max(1, len(live) // CANARY_SHARDS)][:CANARY_SHARDS]
        ids = self.catalog.clip_ids([encoding.id for encoding in chosen])
        for encoding in chosen:
            path = self._shard(encoding)
            clips = read_shard(path).clips
            stored = vectors.vectors(np.array(ids[encoding.id], np.int64))
            best = vectors.search(clips, 1)[0][:, 0]
            _require(
                bool(np.allclose(stored, clips, atol=1e-4) and (best > 0.999).all()),
                "canary clips",
                f"{path.stem[:12]} does not find itself",
            )
        return {"name": "canary clips", "detail": f"{len(chosen)} videos find themselves"}

    def _canary_texts(self, vectors: VectorStore, live: list[EncodingRecord]) -> Check:
        """Different sentences must not all have the same vector.

        That they all find the same clip is no error: in a library of one scene, one clip may be
        nearest to whatever is asked.
        """
        queries = self.encoder.encode_text(CANARY_TEXTS)
        _require(bool(np.isfinite(queries).all()), "canary texts", "a query vector is not finite")
        differ = len(live) < FEW_VIDEOS or bool((queries @ queries[0]).min() < SAME)
        _require(differ, "canary texts", "all sentences have the same vector")
        _, ids = vectors.search(queries, 1)
        distinct = len(set(ids[:, 0].tolist())) if ids.size else 0
        return {"name": "canary texts", "detail": f"{distinct} different answers"}

    def _shard(self, encoding: EncodingRecord) -> Path:
        return self.paths.shard(self.encoder.fingerprint, encoding.content)


def _are_varied(vectors: VectorStore, ids: NDArray[np.int64], videos: int) -> bool:
    """Of up to 256 clips spread over all videos, some two differ."""
    if videos < FEW_VIDEOS:
        return True
    sample = vectors.vectors(ids[:: max(1, len(ids) // 256)])
    return bool((sample @ sample[0]).min() < SAME)


def _require_units(vectors: VectorStore, ids: NDArray[np.int64]) -> None:
    for start in range(0, len(ids), CHUNK):
        norms = np.linalg.norm(vectors.vectors(ids[start : start + CHUNK]), axis=1)
        _require(bool(np.isfinite(norms).all()), "finite", "a vector holds NaN or infinity")
        _require(
            bool((np.abs(norms - 1) < 1e-3).all()), "unit length", "a vector is not of length 1"
        )


def _require(condition: bool, check: str, problem: str) -> None:
    if not condition:
        raise GenerationRefused(
            f"The new generation was not made live: {check}: {problem}. The one before serves on. "
            "Run `videobert rebuild` again; if it refuses again, see whether the library's `model` "
            "is the right one, and delete its folder `shards`, so that the videos are read anew."
        )
