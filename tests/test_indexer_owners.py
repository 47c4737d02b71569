"""Which video each of many clips is of."""

from __future__ import annotations

import numpy as np

from indexer.store.owners import Owners


def test_the_clips_of_videos_are_found_wherever_they_stand():
    owners = Owners([(10, 3), (11, 5), (12, 3), (7, 1)])
    assert owners.of([3]).tolist() == [10, 12]
    assert owners.of({1, 5}).tolist() == [11, 7]
    assert owners.of([1, 3, 5]).dtype == np.int64


def test_videos_without_clips_have_none():
    owners = Owners([(10, 3)])
    assert owners.of([]).tolist() == []
    assert owners.of([4, 99, -1, 0]).tolist() == []
    assert Owners([]).of([0, 3]).tolist() == []


def test_it_is_as_a_loop_over_all_pairs_would_be():
    chance = np.random.default_rng(0)
    pairs = [(int(i), int(v)) for i, v in enumerate(chance.integers(1, 300, 5000))]
    owners = Owners(pairs)
    for size in (1, 30, 270):
        videos = set(chance.integers(1, 400, size).tolist())
        assert owners.of(videos).tolist() == [i for i, v in pairs if v in videos]
