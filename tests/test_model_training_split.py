"""Videos kept apart: never one, nor a copy of it, on both sides."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.training.pairs import TrainingPair
from model.training.split import split_by_video
from tests.tiny_student import world


def pair(video: str, features: np.ndarray, at: float = 0.0) -> TrainingPair:
    return TrainingPair(video, features.astype(np.float16), at, at + 3, f"{video} at {at}")


def random_pairs(counts: list[int]) -> list[TrainingPair]:
    """Videos that show different things, with so many pairs each."""
    draw = np.random.default_rng(0)
    return [
        pair(f"v{i}", eye, at)
        for i, (count, eye) in enumerate(
            zip(counts, draw.normal(size=(len(counts), 2, 64)), strict=True)
        )
        for at in range(count)
    ]


def sides(split) -> tuple[set[str], set[str]]:
    return {p.video for p in split.train}, {p.video for p in split.held_out}


@settings(max_examples=60, deadline=None)
@given(counts=st.lists(st.integers(1, 30), min_size=2, max_size=20), seed=st.integers(0, 99))
def test_no_video_is_on_both_sides_and_none_is_lost(counts: list[int], seed: int):
    pairs = random_pairs(counts)
    split = split_by_video(pairs, seed=seed)
    train, held_out = sides(split)
    assert train
    assert held_out
    assert not train & held_out
    assert len(split.train) + len(split.held_out) == len(pairs)


def test_about_a_fifth_is_kept_apart():
    split = split_by_video(random_pairs([10] * 50))
    assert len(split.held_out) == 100
    assert split.videos == (40, 10)


def test_the_seed_decides_and_the_order_does_not():
    pairs = random_pairs([3] * 20)
    shuffled = random.Random(1).sample(pairs, len(pairs))
    assert sides(split_by_video(pairs)) == sides(split_by_video(shuffled))
    assert sides(split_by_video(pairs, seed=2)) != sides(split_by_video(pairs, seed=3))


@pytest.mark.parametrize("seed", range(8))
def test_another_encoding_of_a_video_is_on_its_side(seed: int):
    """Other bytes, so another content hash, but the same pictures to within the codec's noise."""
    draw = np.random.default_rng(seed)
    pictures = draw.random((6, 4, 64))
    pairs = [pair(f"v{i}", x) for i, x in enumerate(pictures)]
    pairs += [pair(f"copy{i}", x + draw.normal(0, 0.02, x.shape)) for i, x in enumerate(pictures)]
    train, held_out = sides(split_by_video(pairs, seed=seed))
    for side in (train, held_out):
        assert {name.replace("copy", "v") for name in side} <= side
        assert len(side) % 2 == 0


def test_a_single_video_is_trained_on():
    split = split_by_video(random_pairs([9]))
    assert (len(split.train), len(split.held_out)) == (9, 0)


def test_videos_that_all_show_the_same_are_one_side():
    """A camera that always looks at the same door: nothing can be kept apart."""
    door = np.ones((2, 64))
    split = split_by_video([pair(f"v{i}", door) for i in range(5)])
    assert (len(split.train), len(split.held_out)) == (5, 0)


def test_nothing_to_split():
    split = split_by_video([])
    assert (split.train, split.held_out) == ([], [])


def test_the_pairs_of_the_sides_are_in_their_order():
    pairs = world()
    split = split_by_video(pairs)
    for side in (split.train, split.held_out):
        places = [next(i for i, p in enumerate(pairs) if p is one) for one in side]
        assert places == sorted(places)
