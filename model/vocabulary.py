"""Visual words: hierarchical k-means, published as 4 levels of 12 branches (Sun et al. 2019, 4.1).

A word is reached from the root, by the nearest child at each level. The nearest leaf of all may be
another one, under another branch.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.encoder import Float32
from model.errors import CheckpointError

FORMAT = "2"
_REMEDY = "Restore the folder, or take `model` out of library.toml."
ITERATIONS = 20
SAMPLE = 256
"""Points that k-means looks at for each branch; all points of a node are then handed down."""
CHUNK = 8192
"""Points that are measured at once: it bounds the memory, not the result."""
LIMIT = 6e4
"""Centres are kept as float16, which ends at 65,504."""

Float16 = NDArray[np.float16]
Ids = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class VisualVocabulary:
    """The tree, its nodes numbered level by level: node 0 is the root, siblings are neighbours."""

    fingerprint: str
    """Of the encoder whose features these are."""
    branching: int
    depth: int
    centers: Float16
    """(nodes, F): what is saved is what is compared with, so a loaded tree gives the same words."""
    children: NDArray[np.int32]
    """(nodes, 2): first child and the one after the last; equal where the node is a leaf."""

    @classmethod
    def fit(
        cls,
        features: Float32,
        *,
        fingerprint: str,
        branching: int = 12,
        depth: int = 4,
        points_per_leaf: int = 40,
        seed: int = 1,
    ) -> VisualVocabulary:
        """Cluster (N, F) features; branching and depth shrink until N carries the leaves.

        The same features and seed give the same tree. Raises ValueError where there is no feature,
        or one that is not a finite number within ±60,000.
        """
        _check(features, LIMIT)
        if not len(features):
            raise ValueError("visual words need at least one feature")
        branching, depth = _shape(len(features) // points_per_leaf, branching, depth)
        draw = np.random.default_rng(seed)
        centers = [features.mean(0, np.float64, keepdims=True).astype(np.float16)]
        children: list[tuple[int, int]] = []
        level = [np.arange(len(features))]  # the points of each node
        made = 1
        for height in reversed(range(depth + 1)):
            below: list[Ids] = []
            for rows in level:
                # An uneven tree has smaller leaves; below a quarter of the mean none is made.
                branches = min(branching, 4 * len(rows) // points_per_leaf) if height else 1
                new, parts = _split(features, rows, branches, draw)
                centers.append(new)
                children.append((made, made + len(parts)))
                made += len(parts)
                below += parts
            level = below
        nodes = np.concatenate(centers), np.array(children, np.int32)
        return cls(fingerprint, branching, depth, *nodes)

    @property
    def size(self) -> int:
        """The number of words."""
        return int(self._is_leaf.sum())

    @property
    def centroids(self) -> Float32:
        """(size, F): the centre of each word."""
        return self.centers[self._is_leaf].astype(np.float32)

    def assign(self, features: Float32) -> Ids:
        """(N, F) features -> (N,) words from 0 to size - 1, by descent from the root.

        Raises ValueError for features of another width, or that are not finite."""
        _check(features, float(np.finfo(np.float32).max))
        width = self.centers.shape[1]
        if features.shape[1] != width:
            raise ValueError(f"these words are of {width} features, got {features.shape[1]}")
        words = np.empty(len(features), np.int64)
        word_of = np.cumsum(self._is_leaf) - 1  # of a leaf's node
        waiting = [(0, np.arange(len(features)))]
        while waiting:
            node, rows = waiting.pop()
            first, stop = self.children[node].tolist()
            if first == stop or not len(rows):
                words[rows] = word_of[node]
                continue
            nearest = _nearest(features, rows, self.centers[first:stop])
            waiting += [(first + i, rows[nearest == i]) for i in range(stop - first)]
        return words

    def save(self, path: Path) -> None:
        """Write one safetensors file."""
        from safetensors.numpy import save

        tensors: dict[str, NDArray[Any]] = {"centers": self.centers, "children": self.children}
        about = self._about | {"checksum": self._checksum}
        # one entry: the format keeps several in no order, and the same words are the same bytes
        path.write_bytes(save(tensors, {"about": json.dumps(about)}))

    @classmethod
    def load(cls, path: Path, fingerprint: str) -> VisualVocabulary:
        """Read the words of the features that `fingerprint` names. Raises CheckpointError."""
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="numpy") as file:
                about = json.loads((file.metadata() or {}).get("about", "{}"))
                if about.get("format") != FORMAT:
                    raise ValueError(f"format {about.get('format')}, not {FORMAT}")
                tensors = {name: file.get_tensor(name) for name in ("centers", "children")}
            shape = int(about["branching"]), int(about["depth"])
            words = cls(about["features"], *shape, **tensors)
            if words._checksum != about["checksum"]:
                raise ValueError("its checksum is wrong")
        except (SafetensorError, OSError, KeyError, ValueError) as error:
            raise CheckpointError(
                f"{path}: no readable visual words ({error}). {_REMEDY}"
            ) from error
        if words.fingerprint != fingerprint:
            raise CheckpointError(
                f"{path}: visual words of the features {words.fingerprint}, "
                f"but the encoder makes {fingerprint}. {_REMEDY}"
            )
        return words

    @cached_property
    def _is_leaf(self) -> NDArray[np.bool_]:
        return np.equal(self.children[:, 0], self.children[:, 1])

    @property
    def _about(self) -> dict[str, str]:
        numbers = {"branching": str(self.branching), "depth": str(self.depth)}
        return {"format": FORMAT, "features": self.fingerprint, **numbers}

    @property
    def _checksum(self) -> str:
        parts = [json.dumps(self._about).encode(), self.centers.tobytes()]
        return hashlib.sha256(b"".join([*parts, self.children.tobytes()])).hexdigest()


def _check(features: Float32, limit: float) -> None:
    """Raises ValueError unless all of (N, F) are finite and within ±`limit`."""
    if features.ndim != 2:
        raise ValueError(f"features must be (N, F), got {features.shape}")
    for start in range(0, len(features), CHUNK):
        fits = (np.abs(features[start : start + CHUNK]) <= limit).all(1)  # NaN is not
        if not fits.all():
            row = start + int(fits.argmin())
            raise ValueError(f"feature {row} has a value that is not finite or beyond ±{limit:g}")


def _shape(leaves: int, branching: int, depth: int) -> tuple[int, int]:
    """The branching and depth with the most leaves up to `leaves`; (1, 0) is a single word."""
    shapes = [(b, d) for d in range(1, depth + 1) for b in range(2, branching + 1)]
    carried = [(b, d) for b, d in shapes if b**d <= leaves]
    return max(carried, key=lambda shape: shape[0] ** shape[1], default=(1, 0))


def _split(
    features: Float32, rows: Ids, branches: int, draw: np.random.Generator
) -> tuple[Float16, list[Ids]]:
    """k-means over the points of a node: (k, F) centres and the rows of each, none of them empty.

    k is 0 where the node stays a leaf: too few points, or all of them the same.
    """
    none: Float16 = np.empty((0, features.shape[1]), np.float16)
    if branches < 2:
        return none, []
    sample = rows
    if len(rows) > SAMPLE * branches:
        sample = np.sort(draw.choice(rows, SAMPLE * branches, replace=False))
    points = np.ascontiguousarray(features[sample], np.float32)
    seeds = _seeds(points, branches, draw)
    if len(seeds) < 2:
        return none, []
    centers = _kmeans(points, seeds).astype(np.float16)
    nearest = _nearest(features, rows, centers)
    parts = [rows[nearest == i] for i in range(len(centers))]
    kept = [i for i, part in enumerate(parts) if len(part)]
    return (centers[kept], [parts[i] for i in kept]) if len(kept) > 1 else (none, [])


def _seeds(points: Float32, most: int, draw: np.random.Generator) -> Float32:
    """Up to `most` different points, far from one another (k-means++, Arthur & Vassilvitskii)."""
    chosen = [int(draw.integers(len(points)))]
    apart = np.full(len(points), np.inf)
    while len(chosen) < most:
        apart = np.minimum(apart, np.square(points - points[chosen[-1]]).sum(1))
        if not apart.any():
            break  # every point is among the chosen
        chosen.append(int(draw.choice(len(points), p=apart / apart.sum())))
    return points[chosen]


def _kmeans(points: Float32, seeds: Float32) -> Float32:
    """(n, F) points and (k, F) first centres -> (k, F) centres.

    On one thread: more do not pay for one node, and their number must not show in the words."""
    import faiss

    k, width = seeds.shape
    kmeans = faiss.Kmeans(width, k, niter=ITERATIONS, min_points_per_centroid=1)  # few are no fault
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        kmeans.train(points, init_centroids=seeds)
    finally:
        faiss.omp_set_num_threads(threads)
    return np.asarray(kmeans.centroids, np.float32)


def _nearest(features: Float32, rows: Ids, centers: Float16) -> Ids:
    """(R,): which of the (k, F) centres is nearest to each of `rows`.

    In float64: rounding in float32 depends on how many points are measured at once, and a point's
    word must not depend on its neighbours.
    """
    c = centers.astype(np.float64)
    squares = np.square(c).sum(1)
    nearest = np.empty(len(rows), np.int64)
    for start in range(0, len(rows), CHUNK):
        x = features[rows[start : start + CHUNK]].astype(np.float64)  # (chunk, F)
        nearest[start : start + CHUNK] = (squares - 2 * (x @ c.T)).argmin(1)
    return nearest
