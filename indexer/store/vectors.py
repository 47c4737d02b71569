"""Nearest neighbours among clip vectors: the protocol, and FAISS behind it."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from indexer.errors import LibraryMismatch, StorageFailed

Float32 = NDArray[np.float32]
Int64 = NDArray[np.int64]

MOST_BITS = 1 << 27
"""Chosen ids are a bit each up to this id, 16 MB; a hash set, slower to make, beyond."""


class VectorStore(Protocol):
    """Unit vectors by id; the score is the inner product, which is their cosine."""

    dim: int

    def __len__(self) -> int: ...

    def ids(self) -> Int64:
        """All ids, (N,), ascending."""

    def add(self, ids: Int64, vectors: Float32) -> None:
        """Add (N,) ids, which must be new, with their (N, dim) vectors."""

    def remove(self, ids: Int64) -> None:
        """Forget these ids; one that is not there is no error."""

    def vectors(self, ids: Int64) -> Float32:
        """(N,) ids -> (N, dim). Raises KeyError for an id that is not there."""

    def search(self, queries: Float32, k: int, among: Int64 | None = None) -> tuple[Float32, Int64]:
        """(Q, dim) -> scores (Q, k') and ids (Q, k'), best first, k' = min(k, N).

        `among`, (M,) ids in any order, are the only ones that may be found; N then is how many of
        them are there: as many are found as without, unless there are fewer.
        """

    def save(self, path: Path) -> None:
        """Write everything to one file."""


class FaissStore:
    """Exact search by FAISS (Johnson et al. 2017, arXiv 1702.08734) over a flat inner product."""

    def __init__(self, dim: int) -> None:
        faiss = import_faiss()
        self.dim = dim
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dim))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote. Raises LibraryMismatch when it cannot be read."""
        faiss = import_faiss()
        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise LibraryMismatch(
                f"{path}: the vectors cannot be read ({str(error).splitlines()[0]}). "
                "Run `videobert rebuild`, or `videobert rollback`."
            ) from error
        store = cls.__new__(cls)
        store.dim, store._index = index.d, index
        return store

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def ids(self) -> Int64:
        faiss = import_faiss()
        return np.sort(faiss.vector_to_array(self._index.id_map)).astype(np.int64)

    def add(self, ids: Int64, vectors: Float32) -> None:
        if vectors.shape != (len(ids), self.dim):
            raise ValueError(f"expected vectors ({len(ids)}, {self.dim}), got {vectors.shape}")
        if len(ids):
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), ids)

    def remove(self, ids: Int64) -> None:
        if len(ids):
            self._index.remove_ids(np.ascontiguousarray(ids, np.int64))

    def vectors(self, ids: Int64) -> Float32:
        try:
            return np.asarray(self._index.reconstruct_batch(ids), np.float32)
        except RuntimeError as error:
            raise KeyError(f"no vector has one of the ids {ids[:5].tolist()} ...") from error

    def search(self, queries: Float32, k: int, among: Int64 | None = None) -> tuple[Float32, Int64]:
        k = min(k, len(self) if among is None else len(among), len(self))
        if k == 0:
            return np.empty((len(queries), 0), np.float32), np.empty((len(queries), 0), np.int64)
        queries = np.ascontiguousarray(queries, np.float32)
        if among is None:
            scores, ids = self._index.search(queries, k)
            return scores, ids
        only = import_faiss().SearchParameters(sel=_selector(among))
        scores, ids = self._index.search(queries, k, params=only)
        found = int((ids[:1] >= 0).sum())  # the search is exact: as many for every query
        return scores[:, :found], ids[:, :found]

    def save(self, path: Path) -> None:
        try:
            import_faiss().write_index(self._index, str(path))
        except RuntimeError as error:
            raise StorageFailed(
                f"{path}: the vectors cannot be written ({str(error).splitlines()[0]}). Free space "
                "on that disk and run the same command again."
            ) from error


def _selector(among: Int64) -> Any:
    """What tells FAISS of each id whether it is one of `among`."""
    faiss = import_faiss()
    highest = int(among.max())
    if highest >= MOST_BITS:
        return faiss.IDSelectorBatch(np.ascontiguousarray(among, np.int64))
    chosen = np.zeros(highest + 1, np.bool_)
    chosen[among] = True
    return faiss.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))


def import_faiss() -> ModuleType:
    """The faiss module, or a sentence that says how to install it."""
    try:
        import faiss
    except ImportError as error:
        raise LibraryMismatch(
            "FAISS is not installed. Run: pip install 'videobert-search[cpu]' (or [gpu])."
        ) from error
    # a single query is scanned by one thread anyway; more only wait for busy cores: 30 ms for 7
    faiss.omp_set_num_threads(1)
    found: ModuleType = faiss  # it has no types
    return found
