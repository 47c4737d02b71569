"""`[CLS] text [>] visual [SEP]` out of ragged segments."""

from __future__ import annotations

import pytest
import torch

from model.sequence import Batch, Segment, assemble
from model.tokenizer import BEGIN_VISUAL, CLS, PAD, SEP

FEATURES = 6


def segment(
    pieces: tuple[int, ...] = (), tokens: int = 0, *, video: str = "a", start: int = 0
) -> Segment:
    """Token i of it shows window `start` + i; features are drawn from the torch seed."""
    return Segment(
        video=video,
        start=start,
        end=start + tokens,
        pieces=pieces,
        features=torch.rand(tokens, FEATURES),
        words=torch.randint(9, (tokens,)),
        times=torch.arange(start, start + tokens),
    )


def test_text_comes_first_and_video_begins_with_its_sign():
    a, b = segment((1001, 1002, 1003), 2, start=40), segment((1004,), 3)
    batch = assemble([a, b])
    assert batch.token_ids.tolist() == [
        [CLS, 1001, 1002, 1003, BEGIN_VISUAL],
        [CLS, 1004, BEGIN_VISUAL, PAD, PAD],
    ]
    assert batch.text_mask.sum(1).tolist() == [5, 3]
    assert batch.visual_mask.tolist() == [[True, True, False], [True] * 3]
    assert batch.words[0].tolist() == [*a.words.tolist(), 0]
    torch.testing.assert_close(batch.features[1], b.features)
    assert not batch.visual_masked.any()


def test_times_count_from_the_first_token():
    far = segment((1001,), 9, start=40).at(slice(2, None, 3))
    assert assemble([far]).times.tolist() == [[0, 3, 6]]


def test_text_alone_ends_with_sep_as_bert_knows_it():
    batch = assemble([segment((1001, 1002))])
    assert batch.token_ids.tolist() == [[CLS, 1001, 1002, SEP]]
    assert batch.features.shape == (1, 0, FEATURES)
    assert batch.visual_mask.shape == (1, 0)


def test_video_alone_has_no_words():
    batch = assemble([segment((), 4)])
    assert batch.token_ids.tolist() == [[CLS, BEGIN_VISUAL]]
    assert batch.visual_mask.all()


def test_a_segment_can_be_stripped_of_either_modality():
    whole = segment((1001,), 3)
    assert whole.text_only().pieces == (1001,)
    assert len(whole.text_only().features) == len(whole.text_only().times) == 0
    assert whole.video_only().pieces == ()
    assert whole.video_only().times.tolist() == [0, 1, 2]


def test_all_three_kinds_share_a_batch():
    whole = segment((1001, 1002), 3)
    batch = assemble([whole, whole.text_only(), whole.video_only()])
    assert batch.token_ids.tolist() == [
        [CLS, 1001, 1002, BEGIN_VISUAL],
        [CLS, 1001, 1002, SEP],
        [CLS, BEGIN_VISUAL, PAD, PAD],
    ]
    assert batch.visual_mask.any(1).tolist() == [True, False, True]


def test_what_exceeds_the_limits_is_cut():
    batch = assemble([segment(tuple(range(1000, 1060)), 70)])
    assert batch.token_ids.shape == (1, 48 + 2)
    assert batch.token_ids[0, -1] == BEGIN_VISUAL
    assert batch.visual_mask.shape == (1, 64)
    assert assemble([segment((1, 2, 3), 5)], max_text=2, max_visual=4).words.shape == (1, 4)


def test_features_of_shards_become_float32():
    half = segment((1001,), 2)
    object.__setattr__(half, "features", half.features.half())
    assert assemble([half]).features.dtype == torch.float32


def test_a_batch_moves_as_a_whole():
    moved = assemble([segment((1001,), 2)]).to("meta")
    assert isinstance(moved, Batch)
    assert {tensor.device.type for tensor in vars(moved).values()} == {"meta"}


def test_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one segment"):
        assemble([])
    with pytest.raises(ValueError, match="neither"):
        assemble([segment((1001,), 1), segment()])
