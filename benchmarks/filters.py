"""Whether filters inside the search are exact, against brute force, and what they cost.

python -m benchmarks.filters --data FOLDER
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.command import run
from benchmarks.filtered import (
    CLIPS,
    WORDS,
    FilteredLibrary,
    Int64,
    Mask,
    make_library,
    unit_vectors,
)
from benchmarks.library import temporary_folder
from benchmarks.table import Row, Section
from benchmarks.timing import Timing
from indexer.store.filters import Filters
from indexer.store.vectors import Float32, VectorStore
from model.registry import load_encoder
from search.background import Background
from search.pictures import PictureSearch
from search.scope import Scope
from search.words import parse_words

QUERIES = 1000
VIDEOS = 25_000
"""100,000 clips."""
K = 20
ROUNDING = 1e-5
"""Scores nearer than this are equal: FAISS and NumPy add up in another order."""
CHECKS = ("picture", "moments", "speech", "full text")
_DIM = 384


def measure_filters(data: Path, videos: int = VIDEOS, queries: int = QUERIES) -> Section:
    """Wrong answers among random queries and filters, and latencies. No data is read."""
    with temporary_folder() as folder, closing(make_library(folder, videos, _DIM)) as made:
        wrong, shares = check_filters(made, queries)
        held = f"of {queries:,} random queries and filters, {CLIPS * videos:,} clips"
        rows = [Row(f"wrong answers, {name}", wrong[name], "", held) for name in CHECKS]
        narrow, wide = (100 * float(np.mean(some)) for some in shares)
        rows += [Row("narrow filters let through", narrow, "%")]
        rows += [Row("wide filters let through", wide, "%")]
        rows += _latencies(made)
    return Section("filters", f"python -m benchmarks.filters --data {data}", tuple(rows))


def check_filters(
    made: FilteredLibrary, queries: int, seed: int = 1
) -> tuple[Counter[str], tuple[list[float], list[float]]]:
    """(wrong answers of each of `CHECKS`; share of videos that narrow and wide filters let through)

    An answer is wrong when it holds what is filtered out, holds fewer than there are (and than
    were asked for), or when its scores are not those of the best by brute force.
    """
    chance = np.random.default_rng(seed)
    wrong: Counter[str] = Counter()
    shares: tuple[list[float], list[float]] = ([], [])
    for number in range(queries):
        draw = (made.videos.narrow, made.videos.wide)[number % 2]
        filters, kept = draw(chance)
        shares[number % 2].append(float(kept.mean()))
        vector = unit_vectors(1, made.clips.shape[1], chance)[0]
        for name, is_right in _checks(made, vector, str(chance.choice(WORDS)), filters, kept):
            wrong[name] += not is_right
    return wrong, shares


def _checks(
    made: FilteredLibrary, vector: Float32, word: str, filters: Filters, kept: Mask
) -> list[tuple[str, bool]]:
    scope = Scope.of(made.library, filters)
    generation = made.library.generation
    clip_ids = np.arange(1, len(made.clips) + 1)
    pictures = _is_exact(
        partial(_search, generation.vectors, vector, scope.clips),
        clip_ids[np.repeat(kept, CLIPS)],
        made.clips[np.repeat(kept, CLIPS)] @ vector,
    )
    speech = _is_exact(
        partial(_search, generation.sentences, vector, scope.sentences),
        made.sentence_ids[kept],
        made.sentences[kept] @ vector,
    )
    moments = _has_moments(made, vector, scope, kept)
    full_text = _has_words(made, word, scope, kept)
    return list(zip(CHECKS, (pictures, moments, speech, full_text), strict=True))


def _search(store: VectorStore, vector: Float32, among: Int64 | None) -> tuple[Float32, Int64]:
    scores, ids = store.search(vector[None], K, among)
    return scores[0], ids[0]


def _is_exact(
    search: Callable[[], tuple[Float32, Int64]], allowed: Int64, cosines: Float32
) -> bool:
    """Whether it finds the best of the `allowed` ids (M,), whose cosines are given."""
    scores, ids = search()
    by_id = dict(zip(allowed.tolist(), cosines.tolist(), strict=True))
    if len(set(ids.tolist())) != min(K, len(allowed)) or not by_id.keys() >= set(ids.tolist()):
        return False
    own = np.array([by_id[i] for i in ids.tolist()])
    best = -np.sort(-cosines)[: len(ids)]
    return bool(np.allclose(scores, own, atol=ROUNDING) and np.allclose(own, best, atol=ROUNDING))


def _has_moments(made: FilteredLibrary, vector: Float32, scope: Scope, kept: Mask) -> bool:
    """Whether there are as many moments as can be, all of videos that were let through."""
    background = Background(load_encoder(), made.library.paths.background)  # not asked for
    spans = PictureSearch(made.library, None, background).spans(vector, K, scope)
    allowed = set((np.flatnonzero(kept) + 1).tolist())
    enough = min(K, len(allowed)) <= len(spans) <= K  # each video has one at least
    return enough and {span.video_id for span in spans} <= allowed


def _has_words(made: FilteredLibrary, word: str, scope: Scope, kept: Mask) -> bool:
    """Whether the best are found of the passages that bear a word, filtered after the search."""
    words = made.library.catalog.words
    query, allowed = parse_words(word), set((np.flatnonzero(kept) + 1).tolist())
    for channel in ("speech", "screen"):
        everything = words.search_channels(query, [channel], len(kept))
        best = {hit.passage_id: hit.score for hit in everything if hit.video_id in allowed}
        found = words.search_channels(query, [channel], K, scope.videos)
        if len(found) != min(K, len(best)) or not best.keys() >= {h.passage_id for h in found}:
            return False
        scores = sorted(best.values(), reverse=True)[: len(found)]
        if not np.allclose([hit.score for hit in found], scores):
            return False
    return True


def _latencies(made: FilteredLibrary, queries: int = 100) -> list[Row]:
    """From filters and a vector to clips: SQL, selector and search."""
    chance = np.random.default_rng(2)
    vectors = unit_vectors(queries, made.clips.shape[1], chance)

    def ask(asked: tuple[Float32, Filters | None]) -> None:
        scope = Scope.of(made.library, asked[1])
        _search(made.library.generation.vectors, asked[0], scope.clips)

    rows: list[Row] = []
    kinds = {"no filter": None, "1 %": made.videos.narrow, "90 %": made.videos.wide}
    for name, draw in kinds.items():
        asked = [(vector, draw(chance)[0] if draw else None) for vector in vectors]
        ask(asked[0])
        rows += Timing.of(ask, asked).rows(f"clips for a vector, {name}")
    return rows


if __name__ == "__main__":
    run([measure_filters], __doc__)
