"""Bags of neighbouring sentences, and the steps that are made of them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from model.masking import IGNORED
from model.sequence import Segment
from model.tokenizer import CLS, SEP
from model.training.batches import Batches, Texts
from model.training.pairs import Bags, TrainingPair, fingerprint, segment_of
from tests.tiny_student import FEATURES, pieces_of, tiny_student, world


def segment(video: str, start: int, length: int = 4, text: str = "") -> Segment:
    pair = TrainingPair(
        video,
        np.ones((length, FEATURES), np.float16),
        start * 1.5,
        (start + length) * 1.5,
        text or f"{video} at {start}",
    )
    return segment_of(pair, pieces_of([pair.text], 16)[0], np.zeros(length, np.int64))


def starts(bags: Bags, at: int) -> list[int]:
    return [bags.segments[i].start for i in bags.bag(at)]


def test_a_pair_becomes_a_segment_at_its_place():
    made = segment("v", 7)
    assert (made.video, made.start, made.end) == ("v", 7, 11)
    assert made.times.tolist() == [7, 8, 9, 10]
    assert made.features.dtype == torch.float16  # as the shards hold it


def test_a_bag_is_the_nearest_five_of_its_own_video():
    bags = Bags([segment("v", at) for at in (30, 0, 6, 3, 9, 12, 15)] + [segment("w", 9)])
    at = next(i for i, s in enumerate(bags.segments) if (s.video, s.start) == ("v", 9))
    assert starts(bags, at)[0] == 9
    assert sorted(starts(bags, at)) == [3, 6, 9, 12, 15]
    assert {bags.segments[i].video for i in bags.bag(at)} == {"v"}


def test_what_is_far_in_time_is_in_no_bag():
    bags = Bags([segment("v", 0), segment("v", 100)])
    assert starts(bags, 0) == [0]


def test_a_step_knows_each_sentence_once_and_what_it_may_belong_to():
    bags = Bags([segment("v", 0), segment("v", 3), segment("w", 0)])
    texts, right = bags.relations([0, 1, 2])
    assert texts == [0, 1, 2]
    assert right.tolist() == [[True, True, False], [True, True, False], [False, False, True]]


def test_the_same_words_elsewhere_are_no_negative():
    bags = Bags([segment("v", 0, text="stir it well"), segment("w", 0, text="stir it well")])
    _, right = bags.relations([0, 1])
    assert right.all()


def test_the_fingerprint_changes_with_everything():
    pairs = world(2, 2)
    other = [
        pairs[0],
        TrainingPair("video0", pairs[1].tokens * 2, 7.5, 12.0, pairs[1].text),
        *pairs[2:],
    ]
    assert fingerprint(pairs) == fingerprint(world(2, 2))
    assert len({fingerprint(p) for p in (pairs, other, pairs[::-1], pairs[:-1])}) == 4


# steps


@pytest.fixture(scope="module")
def batches() -> Batches:
    student = tiny_student()
    generic = pieces_of(["one thing", "another longer thing", "third"], 16)
    bags = Bags(student.segments(world(5, 4)))
    return Batches(bags, generic, size=8, seed=1, max_text=16, max_visual=20)


def same(a: object, b: object) -> bool:
    if isinstance(a, torch.Tensor):
        return torch.equal(a, b)
    if hasattr(a, "__dataclass_fields__"):
        return all(same(getattr(a, name), getattr(b, name)) for name in a.__dataclass_fields__)
    return a == b


def test_a_step_is_the_same_whenever_it_is_made(batches: Batches):
    assert same(batches.step(3), batches.step(3))
    assert not same(batches.step(3), batches.step(4))


def test_every_pair_comes_once_before_any_comes_again(batches: Batches):
    rows = torch.cat([batches.step(number).video_rows for number in range(5)]).tolist()
    assert sorted(rows[:20]) == list(range(20))
    assert len(rows) >= 38  # two epochs, less those that met in a step


def test_all_three_regimes_are_there(batches: Batches):
    kinds = set()
    for number in range(4):
        masked = batches.step(number).masked.batch
        texts = (masked.token_ids >= 999) | (masked.token_ids == 103)
        kinds |= set(zip(texts.any(1).tolist(), masked.visual_mask.any(1).tolist(), strict=True))
    assert kinds == {(True, True), (True, False), (False, True)}


def test_videos_come_without_text_and_whole(batches: Batches):
    """What the joint space is trained on is what will be indexed: no sentence, every token."""
    step = batches.step(0)
    assert step.videos.token_ids.shape[1] == 2  # [CLS] [>]
    lengths = [len(batches.bags.segments[i].times) for i in step.video_rows]
    assert step.videos.visual_mask.sum(1).tolist() == lengths


def test_pieces_are_the_step_cut_up(batches: Batches):
    step = batches.step(0)
    pieces = step.pieces(3)
    assert [len(piece.videos.words) for piece in pieces] == [2, 3, 3]
    for whole, parts in (
        (step.texts.mask.sum(1), [p.texts.mask.sum(1) for p in pieces]),
        (step.generic.mask.sum(1), [p.generic.mask.sum(1) for p in pieces]),
        (step.videos.features.sum((1, 2)), [p.videos.features.sum((1, 2)) for p in pieces]),
        (
            (step.masked.text_labels != IGNORED).sum(1),
            [(p.masked.text_labels != IGNORED).sum(1) for p in pieces],
        ),
        (
            (step.masked.visual_labels != IGNORED).sum(1),
            [(p.masked.visual_labels != IGNORED).sum(1) for p in pieces],
        ),
    ):
        torch.testing.assert_close(torch.cat(parts), whole)


def test_a_single_video_has_no_honest_negatives_and_still_makes_steps():
    """Every window overlaps every other: alignment cannot be learnt, the rest can."""
    bags = Bags([segment("v", 0), segment("v", 1), segment("v", 2)])
    made = Batches(bags, [[1000]], size=8, seed=1, max_text=16, max_visual=20).step(0)
    assert made.aligned is None
    assert len(made.aligned_labels) == 0
    assert [piece.aligned for piece in made.pieces(2)] == [None, None]


def test_texts_are_framed_cut_and_padded():
    texts = Texts.of([[1000, 1001, 1002], [1003]], 2)
    assert texts.token_ids.tolist() == [[CLS, 1000, 1001, SEP], [CLS, 1003, SEP, 0]]
    assert texts.rows(slice(1, 2)).token_ids.tolist() == [[CLS, 1003, SEP]]
    assert texts.rows(slice(0, 0)).token_ids.shape == (0, 0)
