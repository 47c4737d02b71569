"""Neighbours joined, and visual tokens left out."""

from __future__ import annotations

import pytest
import torch

from model.augmentation import concatenate_neighbours, subsample
from model.sequence import Segment
from tests.test_model_masking import seeded
from tests.test_model_sequence import segment


def library() -> list[Segment]:
    """Video "a" of five segments and "b" of three; sentence i of "a" is (1000 + i,) * 2."""
    torch.manual_seed(0)
    a = [segment((1000 + i,) * 2, 6, video="a", start=6 * i) for i in range(5)]
    b = [segment((1050 + i,) * 2, 6, video="b", start=6 * i) for i in range(3)]
    return a + b


def joined(at: int, draws: int = 200, **limits: int) -> list[Segment]:
    generator, segments = seeded(), library()
    return [concatenate_neighbours(segments, at, generator, **limits) for _ in range(draws)]


def sentences(segment: Segment) -> list[int]:
    return list(segment.pieces[::2])


def test_neighbours_keep_their_order_and_lose_nothing():
    for long in joined(2):
        said = sentences(long)
        assert said == list(range(said[0], said[-1] + 1))
        assert 1002 in said
        assert long.start == (said[0] - 1000) * 6
        assert long.end == (said[-1] - 1000 + 1) * 6
        assert long.times.tolist() == list(range(long.start, long.end))
        originals = library()[said[0] - 1000 : said[-1] - 1000 + 1]
        torch.testing.assert_close(long.features, torch.cat([s.features for s in originals]))
        assert torch.equal(long.words, torch.cat([s.words for s in originals]))


def test_all_spans_around_a_segment_are_drawn():
    """One to four sentences, with the segment at any place of them."""
    spans = {(sentences(s)[0] - 1000, sentences(s)[-1] - 1000) for s in joined(2)}
    assert spans == {(i, j) for i in range(3) for j in range(2, 5) if j - i < 4}
    lengths = [len(sentences(s)) for s in joined(2, 2000)]
    assert lengths.count(1) / 2000 == pytest.approx(0.25, abs=0.04)


@pytest.mark.parametrize(("at", "video"), [(4, "a"), (5, "b"), (0, "a"), (7, "b")])
def test_other_videos_are_never_joined(at: int, video: str):
    for long in joined(at):
        assert long.video == video
        assert all((piece < 1050) == (video == "a") for piece in long.pieces)


def test_limits_are_respected():
    assert max(len(s.pieces) for s in joined(2, max_text=5)) == 4
    assert max(len(s.times) for s in joined(2, max_visual=13)) == 12
    assert {len(s.times) for s in joined(2, max_visual=5)} == {6}  # alone it stays as it is


def test_the_published_limits_hold_by_default():
    segments = [segment((1000 + i,) * 20, 25, start=25 * i) for i in range(6)]
    generator = seeded()
    for _ in range(100):
        long = concatenate_neighbours(segments, 3, generator)
        assert len(long.pieces) <= 48
        assert len(long.times) <= 64


def test_a_window_that_two_neighbours_share_is_taken_once():
    segments = [segment((1000 + i,), 6, start=3 * i) for i in range(4)]
    generator = seeded()
    for _ in range(50):
        times = concatenate_neighbours(segments, 1, generator).times.tolist()
        assert times == list(range(times[0], times[-1] + 1))


def test_subsampling_takes_every_nth_token_from_any_start():
    whole, generator = segment((1001,), 20, start=40), seeded()
    seen = set()
    for _ in range(300):
        thin = subsample(whole, generator)
        steps = thin.times.diff().unique().tolist()
        assert len(steps) == 1
        assert 40 <= thin.times[0] < 40 + steps[0]
        assert thin.times[-1] + steps[0] >= 60
        assert torch.equal(thin.features, whole.features[thin.times - 40])
        assert torch.equal(thin.words, whole.words[thin.times - 40])
        assert (thin.start, thin.end, thin.pieces) == (40, 60, (1001,))
        seen.add((steps[0], int(thin.times[0]) - 40))
    assert seen == {(step, first) for step in range(1, 6) for first in range(step)}


@pytest.mark.parametrize("tokens", [1, 2, 3])
def test_subsampling_leaves_at_least_one_token(tokens: int):
    generator = seeded()
    lengths = {len(subsample(segment((), tokens), generator).times) for _ in range(100)}
    assert lengths == set(range(1, tokens + 1))


def test_text_alone_is_not_subsampled():
    text = segment((1001,))
    assert subsample(text, seeded()) is text


def test_the_seed_decides():
    once = [subsample(s, seeded(5)).times.tolist() for s in joined(2, 20)]
    again = [subsample(s, seeded(5)).times.tolist() for s in joined(2, 20)]
    assert once == again
