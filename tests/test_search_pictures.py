"""The best moments by what is seen, against all that the same clips make."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from benchmarks.filtered import make_library, unit_vectors
from indexer.store.database import open_database
from indexer.store.generation import Generation
from indexer.store.library import Library
from indexer.store.schema import File
from indexer.store.vectors import FaissStore
from search.background import Background
from search.moments import Span, merge
from search.pictures import PictureSearch
from tests.conftest import ColourEncoder

VIDEOS, DIM = 400, 8


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """1,600 clips, every fourth of which looks like one of six others; each third file is lost."""
    folder = tmp_path_factory.mktemp("pictures")
    with closing(make_library(folder, VIDEOS, DIM)) as made:
        engine = open_database(made.library.paths.catalog)
        with Session(engine) as session, session.begin():
            session.execute(delete(File).where(File.video_id % 3 == 0))
        engine.dispose()
        vectors = made.clips.copy()
        vectors[::4] = vectors[np.arange(len(vectors) // 4) % 6]
        store = FaissStore(DIM)
        store.add(made.library.generation.vectors.ids(), vectors)
        manifest = made.library.generation.manifest
        yield Library(
            made.library.paths, made.library.catalog, Generation(manifest, store, FaissStore(DIM))
        )


def all_spans(library: Library, vector: np.ndarray, depth: int) -> list[Span]:
    """What the nearest `depth` clips make."""
    scores, ids = library.generation.vectors.search(vector[None], depth)
    clips, _ = library.clips.find(ids[0])
    return [span for span in merge(clips, scores[0]) if span.video_id % 3]


@pytest.mark.parametrize("k", [1, 5, 30, 80, 200])
def test_the_best_moments_are_the_first_of_all(library: Library, k: int, tmp_path: Path):
    pictures = PictureSearch(library, None, Background(ColourEncoder(), tmp_path))
    for vector in unit_vectors(20, DIM, np.random.default_rng(k)):
        expected = all_spans(library, vector, 20 * k)
        assert pictures.spans(vector, k) == expected[:k]
        assert len(expected) >= k


def test_more_clips_are_looked_at_where_lost_files_leave_too_few(library: Library, tmp_path: Path):
    pictures = PictureSearch(library, None, Background(ColourEncoder(), tmp_path))
    vector = unit_vectors(1, DIM, np.random.default_rng(1))[0]
    found = pictures.spans(vector, 4 * VIDEOS)
    assert found == all_spans(library, vector, 4 * VIDEOS)
    assert {span.video_id for span in found} == {i for i in range(1, VIDEOS + 1) if i % 3}
