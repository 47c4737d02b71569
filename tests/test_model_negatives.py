"""Pairs that are called wrong must be wrong."""

from __future__ import annotations

import torch

from model.negatives import NONE, alignment_pairs, honest_negatives, still_matches
from model.sequence import Segment
from tests.test_model_masking import seeded
from tests.test_model_sequence import segment


def crowded_library() -> list[Segment]:
    """Overlapping windows, a sentence said in three videos, one said within a longer one."""
    torch.manual_seed(0)
    segments = [segment((1000 + i, 1001 + i), 6, video="a", start=3 * i) for i in range(5)]
    segments += [segment((1050,), 6, video=video) for video in ("b", "c", "d")]
    segments += [segment((1040, 1050, 1060), 6, video="e"), segment((1070,), 6, video="e")]
    return segments


def test_a_text_still_matches_where_windows_overlap_or_words_are_the_same():
    a = segment((1001, 1002), 6, video="a")
    assert still_matches(segment((1009,), 6, video="a", start=5), a)
    assert not still_matches(segment((1009,), 6, video="a", start=6), a)
    assert not still_matches(segment((1009,), 6, video="b"), a)
    assert still_matches(segment((1001, 1002), 6, video="b"), a)
    assert still_matches(segment((1000, 1001, 1002), 6, video="b"), a)
    assert still_matches(segment((1002,), 6, video="b"), a)
    assert not still_matches(segment((1002, 1001), 6, video="b"), a)


def test_subsampled_tokens_still_stand_for_the_whole_span():
    a = segment((1001,), 10, video="a").at(slice(0, None, 5))
    assert still_matches(segment((1009,), 2, video="a", start=7), a)


def test_no_negative_matches_and_all_come_from_other_videos():
    segments, generator = crowded_library(), seeded()
    drawn = set()
    for _ in range(50):
        for i, j in enumerate(honest_negatives(segments, generator).tolist()):
            assert not still_matches(segments[j], segments[i])
            assert segments[j].video != segments[i].video
            drawn.add((i, j))
    possible = {
        (i, j)
        for i, one in enumerate(segments)
        for j, other in enumerate(segments)
        if one.video != other.video and not still_matches(other, one)
    }
    assert drawn == possible  # and each of them is drawn


def test_one_video_gives_its_own_distant_segments():
    segments = [segment((1000 + i,), 6, video="a", start=3 * i) for i in range(4)]
    for _ in range(20):
        negatives = honest_negatives(segments, seeded()).tolist()
        assert negatives[1] == 3
        assert negatives[0] in (2, 3)


def test_two_segments_do():
    apart = [segment((1001,), 6), segment((1002,), 6, start=6)]
    assert honest_negatives(apart, seeded()).tolist() == [1, 0]
    pairs, labels = alignment_pairs(apart, seeded())
    assert labels.sum() == 1
    for pair, own, label in zip(pairs, apart, labels, strict=True):
        assert (pair.pieces == own.pieces) == bool(label)


def test_where_no_negative_exists_there_is_no_pair():
    overlapping = [segment((1001,), 6), segment((1002,), 6, start=3)]
    same_text = [segment((1001,), 6, video=video) for video in "abc"]
    for segments in ([], [segment((1001,), 6)], overlapping, same_text):
        assert honest_negatives(segments, seeded()).tolist() == [NONE] * len(segments)
        pairs, labels = alignment_pairs(segments, seeded())
        assert pairs == []
        assert labels.shape == (0,)


def test_half_of_the_pairs_are_aligned_and_keep_their_video():
    segments, generator = crowded_library(), seeded()
    for _ in range(20):
        pairs, labels = alignment_pairs(segments, generator)
        assert len(pairs) == 10
        assert labels.sum() == 5
        for own, pair, label in zip(segments, pairs, labels.tolist(), strict=True):
            assert torch.equal(pair.features, own.features)
            assert (pair.pieces == own.pieces) == bool(label)


def test_a_segment_of_one_modality_can_be_aligned_with_nothing():
    segments = crowded_library()
    halves = [segments[0].text_only(), segments[5].video_only(), *segments]
    pairs, _ = alignment_pairs(halves, seeded())
    assert len(pairs) == len(segments)
    assert all(pair.pieces and len(pair.times) for pair in pairs)


def test_an_odd_number_of_pairs_favours_neither_label():
    """Else the share of aligned pairs could be learned instead of the alignment."""
    three, generator = crowded_library()[4:6] + crowded_library()[9:], seeded()
    labels = torch.cat([alignment_pairs(three, generator)[1] for _ in range(400)])
    assert len(labels) == 1200
    assert abs(float(labels.mean()) - 0.5) < 0.03


def test_the_seed_decides():
    segments = crowded_library()
    once, again = alignment_pairs(segments, seeded(4)), alignment_pairs(segments, seeded(4))
    assert [pair.pieces for pair in once[0]] == [pair.pieces for pair in again[0]]
    assert torch.equal(once[1], again[1])
