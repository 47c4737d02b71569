"""How long an answer takes: words, a clip, a picture; warm in process, and cold as a command.

python -m benchmarks.latency --data FOLDER
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.command import run
from benchmarks.library import captioned_library
from benchmarks.program import run_videobert
from benchmarks.table import Row, Section
from benchmarks.timing import Timing
from indexer.store.vectors import FaissStore, Float32
from search.engine import SearchEngine
from search.evaluation import read_pairs

VECTORS = 100_000
_DIM = 384
_CENTRES = 1000
_COLD_STARTS = 7
_CLIPS = 11
_PICTURES = 30


def measure_latency(data: Path) -> Section:
    """Median and 95th percentile of each way to ask."""
    captions = [pair.text for pair in read_pairs(data / "captioned_videos" / "captions.csv")]
    with captioned_library(data) as (library, encoder):
        with SearchEngine.open(library, encoder) as engine:
            rows = _warm(engine, captions, data)
        cold = Timing.of(
            lambda text: run_videobert("search", text, "--library", library),
            captions[:_COLD_STARTS],
        )
    rows += cold.rows("`videobert search`, whole process", "the files are in the page cache")
    rows += _vectors_alone()
    return Section("latency", f"python -m benchmarks.latency --data {data}", tuple(rows))


def _warm(engine: SearchEngine, captions: list[str], data: Path) -> list[Row]:
    clips = _some(sorted((data / "captioned_videos").glob("*.mp4")), _CLIPS)
    pictures = _some(sorted((data / "captioned_images").rglob("*.jpg")), _PICTURES)
    engine.search(captions[0])  # loads the text model
    held = f"library of {engine.counts()['clips']} clips"
    rows = Timing.of(engine.search, captions).rows("text query", held)
    rows += Timing.of(engine.search_clip, clips).rows("clip query", "decoding included")
    if not pictures:
        return [*rows, Row("picture query", None, remark="there are no captioned_images")]
    engine.search_image(pictures[0])  # loads the frame model
    return rows + Timing.of(engine.search_image, pictures).rows("picture query")


def _some(files: list[Path], count: int) -> list[Path]:
    """At most `count`, spread over the list."""
    return files[:: max(1, len(files) // count)][:count]


def _vectors_alone() -> list[Row]:
    """The vector store without text model and catalog, at a size that libraries grow to."""
    generator = np.random.default_rng(0)
    store = FaissStore(_DIM)
    centres = generator.standard_normal((_CENTRES, _DIM), np.float32)
    store.add(np.arange(VECTORS, dtype=np.int64), _scattered(centres, VECTORS, generator))
    queries = _scattered(centres, 200, generator)
    for query in queries[:10]:
        store.search(query[None], 200)
    timing = Timing.of(lambda query: store.search(query[None], 200), queries)
    return timing.rows("vector search alone", f"{VECTORS:,} x {_DIM} in clusters, nearest 200")


def _scattered(centres: Float32, count: int, generator: np.random.Generator) -> Float32:
    """(count, dim) unit vectors around `centres`, whose cosine to their own is about 0.8."""
    chosen = centres[generator.integers(len(centres), size=count)]
    vectors = chosen + np.float32(0.75) * generator.standard_normal(chosen.shape, np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


if __name__ == "__main__":
    run([measure_latency], __doc__)
