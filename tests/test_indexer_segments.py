"""How a video is cut up in time: tokens of 1.5 s, clips of up to six of them."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.media.sampling import CellSampler
from indexer.segments import CLIP_STRIDE, CLIP_TOKENS, TOKEN_S, clip_bounds, clip_times, tokenize

DURATIONS = st.floats(0.01, 4000, allow_nan=False)


def tokens_of(times: list[float], duration_s: float) -> list[float]:
    """Tokens of frames whose single feature is their own number."""
    features = np.arange(len(times), dtype=np.float32)[:, None]
    return tokenize(features, np.array(times), duration_s)[:, 0].tolist()


@given(tokens=st.integers(1, 5000))
def test_every_token_is_in_a_clip_and_the_last_clip_ends_with_the_last_token(tokens: int):
    bounds = clip_bounds(tokens)
    covered = {token for start, end in bounds for token in range(start, end)}
    assert covered == set(range(tokens))
    assert bounds[-1][1] == tokens
    assert all(end - start == min(CLIP_TOKENS, tokens) for start, end in bounds)
    steps = [after[0] - before[0] for before, after in pairwise(bounds)]
    assert all(0 < step <= CLIP_STRIDE for step in steps)
    assert all(step == CLIP_STRIDE for step in steps[:-1])


@given(duration_s=DURATIONS)
def test_clips_lie_within_the_video_and_reach_its_end(duration_s: float):
    tokens = tokenize(np.ones((1, 2), np.float32), np.zeros(1), duration_s)
    assert abs(len(tokens) - duration_s / TOKEN_S) < 1.001
    times = clip_times(clip_bounds(len(tokens)), duration_s)
    assert times.shape[1] == 2
    assert times[0, 0] == 0
    assert times.max() <= duration_s
    assert duration_s - times[-1, 1] < 1e-3
    assert (times[:, 0] < times[:, 1]).all()
    assert (np.diff(times[:, 0]) > 0).all()
    assert (times[1:, 0] <= times[:-1, 1]).all()  # no gap between one clip and the next


@pytest.mark.parametrize(
    ("duration_s", "expected"),
    [
        (0.04, [[0, 0.04]]),
        (1.5, [[0, 1.5]]),
        (9.0, [[0, 9]]),
        (10.0, [[0, 9], [1.5, 10]]),
        (15.0, [[0, 9], [4.5, 13.5], [6, 15]]),
    ],
)
def test_clip_times_by_hand(duration_s: float, expected: list[list[float]]):
    tokens = math.ceil(duration_s / TOKEN_S)
    assert clip_times(clip_bounds(tokens), duration_s).tolist() == expected


def test_a_token_is_the_mean_of_its_three_half_seconds():
    assert tokens_of([0, 0.5, 1, 1.5, 2, 2.5], 3.0) == [1, 4]


def test_the_last_token_is_the_mean_of_what_there_is_of_it():
    assert tokens_of([0, 0.5, 1, 1.5], 1.9) == [1, 3]
    assert tokens_of([0, 0.5, 1, 1.5, 2], 2.5) == [1, 3.5]


def test_a_picture_that_stays_counts_until_the_next_one():
    """Fill-forward: a slide show of three pictures in nine seconds."""
    assert tokens_of([0, 4.5, 6.0], 9.0) == [0, 0, 0, 1, 2, 2]
    assert tokens_of([0, 1.0], 3.0) == pytest.approx([1 / 3, 1])


def test_before_the_first_picture_the_first_counts():
    assert tokens_of([2.0, 2.5], 3.0) == pytest.approx([0, 1 / 3])


def test_a_picture_late_in_its_half_second_counts_for_it():
    """Variable frame rate: what begins in a cell stands for it, not what was on before."""
    assert tokens_of([0, 0.9, 1.4, 1.51], 3.0) == [1, 3]


def test_times_a_hair_below_a_boundary_belong_to_the_next_half_second():
    assert tokens_of([0, 0.5 - 1e-9, 1 - 1e-9, 1.5 - 1e-9], 3.0) == [1, 3]


@settings(max_examples=200)
@given(
    steps=st.lists(st.floats(0.001, 4), min_size=1, max_size=60),
    rest_s=st.floats(0.001, 4),
)
def test_sampled_frames_give_the_tokens_that_all_frames_do(steps: list[float], rest_s: float):
    """Whatever the frame rate, sampling must not change what is on screen in a half-second.

    Brute force: in each cell the first frame that begins in it, else the one on screen before.
    """
    times = np.cumsum([0, *steps]).tolist()
    duration_s = math.ceil((times[-1] + rest_s) * 2) / 2  # the sampler drops the merest remainder
    sampler = CellSampler[int]()
    sampled = [s for i, t in enumerate(times) for s in sampler.add(t, i)]
    sampled += sampler.finish(duration_s)
    features = np.array([[number] for _, number in sampled], np.float32)
    found = tokenize(features, np.array([time for time, _ in sampled]), duration_s)[:, 0]

    cells = max(1, math.ceil(round(duration_s * 2, 3)))
    shown = [_on_screen(times, cell) for cell in range(cells)]
    expected = [np.mean(shown[i : i + 3]) for i in range(0, cells, 3)]
    np.testing.assert_allclose(found, expected, atol=1e-4)


def _on_screen(times: list[float], cell: int) -> int:
    begins = [math.floor((time + 1e-6) * 2) for time in times]
    if cell in begins:
        return begins.index(cell)
    return max(i for i, begin in enumerate(begins) if begin < cell)


def test_features_are_averaged_each_for_itself():
    features = np.array([[0, 10], [2, 20], [4, 60]], np.float32)
    found = tokenize(features, np.array([0, 0.5, 1.0]), 1.5)
    assert found.dtype == np.float32
    assert found.tolist() == [[2, 30]]
