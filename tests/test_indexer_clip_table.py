"""Clips by their ids, out of the catalog and out of memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from indexer.store.clip_table import ClipTable
from indexer.store.library import Library


@pytest.fixture
def library(colour_library: Path) -> Iterator[Library]:
    with closing(Library.open(colour_library)) as opened:
        yield opened


def table(library: Library, count: int) -> ClipTable:
    return ClipTable(library.catalog, library.generation.number, count)


def test_clips_are_the_same_from_the_catalog_and_from_memory(library: Library):
    ids = library.generation.vectors.ids()[::-1]
    asked = np.concatenate([ids[3:], [10**6], ids[:3], [0]])
    single, all_known = table(library, 8 * len(asked)).find(asked)
    whole, all_known_too = table(library, 0).find(asked)
    assert single.tolist() == whole.tolist()
    assert single["id"].tolist() == [*ids[3:].tolist(), *ids[:3].tolist()]
    assert all_known.tolist() == all_known_too.tolist() == [i in ids for i in asked]
    records = library.catalog.clips(ids.tolist())
    assert [records[i] for i in single["id"].tolist()] == [
        type(records[i])(*row)
        for i, row in zip(single["id"].tolist(), single.tolist(), strict=True)
    ]


def test_all_are_read_once_when_enough_were_asked_for(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    ids = library.generation.vectors.ids()
    clips = table(library, 8 * 2 * len(ids))
    expected = [clips.find(ids)[0].tolist() for _ in range(2)]
    reads: list[int] = []
    clips_in = library.catalog.clips_in
    monkeypatch.setattr(library.catalog, "clips_in", lambda n: reads.append(n) or clips_in(n))
    monkeypatch.delattr(library.catalog.__class__, "clips")  # nobody asks for it now
    assert [clips.find(ids)[0].tolist() for _ in range(2)] == expected
    assert reads == [library.generation.number]


@pytest.mark.parametrize("count", [0, 8000])
def test_no_ids_are_no_clips(library: Library, count: int):
    clips, known = table(library, count).find(np.empty(0, np.int64))
    assert (len(clips), len(known)) == (0, 0)


def test_the_clips_of_videos_are_those_of_the_generation(library: Library):
    videos = [one.id for one in library.catalog.list_videos()][:2]
    found = library.clips.within(videos).tolist()
    assert sorted(found) == sorted(library.catalog.clips_within(videos, library.generation.number))
    assert library.clips.within([]).tolist() == []
