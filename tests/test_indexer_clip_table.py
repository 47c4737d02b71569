"""Clips by their ids, out of the catalog and out of memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from indexer.store.catalog import Catalog
from indexer.store.clip_table import ClipTable
from indexer.store.library import Library
from indexer.store.records import ClipRecord


@pytest.fixture
def library(colour_library: Path) -> Iterator[Library]:
    with closing(Library.open(colour_library)) as opened:
        yield opened


def table(library: Library, count: int | None = None) -> ClipTable:
    """Of a generation that has, or is said to have, so many clips."""
    clips = library.generation.manifest.clip_count if count is None else count
    return ClipTable(library.catalog, library.generation.number, clips)


def test_clips_are_the_same_from_the_catalog_and_from_memory(library: Library):
    ids = library.generation.vectors.ids()[::-1]
    asked = np.concatenate([ids[3:], [10**6], ids[:3], [0]])
    single, known = table(library, 10**6).find(asked)
    whole, known_too = table(library).find(asked)
    assert single.tolist() == whole.tolist()
    assert known.tolist() == known_too.tolist() == [i in ids for i in asked]
    records = library.catalog.clips(ids.tolist())
    assert [ClipRecord(*row) for row in whole.tolist()] == [records[i] for i in asked[known]]


def test_all_are_read_once_when_enough_were_asked_for(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    ids = library.generation.vectors.ids()
    clips, few = table(library), ids[: len(ids) // 8]
    expected = clips.find(few)[0].tolist()
    reads: list[int] = []
    clips_in = library.catalog.clips_in
    monkeypatch.setattr(library.catalog, "clips_in", lambda n: reads.append(n) or clips_in(n))
    monkeypatch.delattr(Catalog, "clips")  # nobody asks for it from now on
    assert [clips.find(few)[0].tolist() for _ in range(2)] == [expected] * 2
    assert reads == [library.generation.number]


def test_clips_are_found_when_the_catalog_has_forgotten_their_generation(library: Library):
    ids = library.generation.vectors.ids()
    forgotten = ClipTable(library.catalog, 99, len(ids))
    assert [len(forgotten.find(ids)[0]) for _ in range(2)] == [len(ids)] * 2


@pytest.mark.parametrize("count", [None, 10**6])
def test_no_ids_are_no_clips(library: Library, count: int | None):
    clips, known = table(library, count).find(np.empty(0, np.int64))
    assert (len(clips), len(known)) == (0, 0)


def test_the_clips_of_videos_are_those_of_the_generation(library: Library):
    videos = [one.id for one in library.catalog.list_videos()][:2]
    found = library.clips.within(videos).tolist()
    assert sorted(found) == sorted(library.catalog.clips_within(videos, library.generation.number))
    assert library.clips.within([]).tolist() == []
