"""Evidence of several channels becomes one ranking, whatever order it comes in."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.evidence import CHANNELS, Evidence, Match
from search.fusion import NEAR_S, Candidate, fuse, noisy_or

STRENGTHS = st.floats(0, 1)


@st.composite
def evidences(draw: st.DrawFn) -> Evidence:
    channel = draw(st.sampled_from(CHANNELS))
    strength, video = draw(STRENGTHS), draw(st.integers(1, 3))
    match = None
    if channel != "picture":
        match = Match(channel, draw(st.sampled_from("abc")), (), None, None)
    if channel == "name" and draw(st.booleans()):
        return Evidence(channel, video, None, None, strength, match)
    start_s = draw(st.integers(0, 40)) / 2
    return Evidence(
        channel, video, start_s, start_s + draw(st.integers(0, 16)) / 2, strength, match
    )


FOUND = st.lists(evidences(), max_size=25)


def said(start_s: float, end_s: float, strength: float, video: int = 1) -> Evidence:
    match = Match("speech", f"{start_s:g}", (), start_s, end_s)
    return Evidence("speech", video, start_s, end_s, strength, match)


def seen(start_s: float, end_s: float, strength: float, video: int = 1) -> Evidence:
    return Evidence("picture", video, start_s, end_s, strength)


def named(strength: float, video: int = 1) -> Evidence:
    return Evidence("name", video, None, None, strength, Match("name", "name", (), None, None))


def test_nothing_found_is_nothing():
    assert fuse([]) == []
    assert noisy_or([]) == 0


@given(strengths=st.lists(STRENGTHS, max_size=6))
def test_reasons_together_are_at_least_the_strongest_and_at_most_certain(strengths: list[float]):
    score = noisy_or(strengths)
    assert max(strengths, default=0) - 1e-12 <= score <= 1
    assert score <= sum(strengths) + 1e-12
    assert score == pytest.approx(1 - math.prod(1 - s for s in strengths))


@given(found=FOUND, seed=st.integers(0, 1000))
def test_the_order_of_what_is_found_does_not_matter(found: list[Evidence], seed: int):
    mixed = found.copy()
    random.Random(seed).shuffle(mixed)
    assert fuse(mixed) == fuse(found)


@given(found=FOUND)
def test_candidates_are_best_first_apart_and_shares_add_up(found: list[Evidence]):
    candidates = fuse(found)
    assert [c.score for c in candidates] == sorted((c.score for c in candidates), reverse=True)
    assert {c.video_id for c in candidates} == {e.video_id for e in found}
    for one in candidates:
        assert 0 <= one.score <= 1
        assert sum(one.shares.values()) == pytest.approx(one.score)
        for other in candidates:
            assert other is one or other.video_id != one.video_id or not _near(one, other)


def _near(a: Candidate, b: Candidate) -> bool:
    return a.start_s < b.end_s + NEAR_S and b.start_s < a.end_s + NEAR_S


@given(found=FOUND)
def test_all_evidence_counts(found: list[Evidence]):
    """The strongest of each channel of a video is in one of its candidates."""
    candidates = fuse(found)
    for evidence in found:
        mine = [c for c in candidates if c.video_id == evidence.video_id]
        assert max(c.strengths.get(evidence.channel, 0) for c in mine) >= evidence.strength


@given(strengths=st.lists(st.floats(0.01, 0.99), min_size=1, max_size=8, unique=True))
def test_one_channel_alone_keeps_its_order_and_its_strengths(strengths: list[float]):
    found = [said(10.0 * i, 10.0 * i + 2, s) for i, s in enumerate(strengths)]
    assert [c.score for c in fuse(found)] == pytest.approx(sorted(strengths, reverse=True))


def test_two_channels_are_better_than_one():
    both, alone = fuse([seen(0, 9, 0.5), said(3, 5, 0.5), said(3, 5, 0.6, video=2)])
    assert (both.video_id, both.score) == (1, pytest.approx(0.75))
    assert both.shares == {"picture": pytest.approx(0.375), "speech": pytest.approx(0.375)}
    assert (alone.video_id, alone.score) == (2, pytest.approx(0.6))


def test_the_strongest_says_where():
    [one] = fuse([seen(0, 9, 0.4), said(3, 5, 0.8)])
    assert (one.start_s, one.end_s) == (3, 5)


def test_what_is_said_twice_in_a_moment_counts_once():
    [one] = fuse([said(3, 5, 0.5), said(5.5, 7, 0.5)])
    assert one.score == pytest.approx(0.5)
    assert [match.text for match in one.matches] == ["3", "5.5"]


def test_weak_words_are_not_shown_beside_strong_ones():
    [one] = fuse([said(3, 5, 0.8), said(5, 7, 0.05)])
    assert [match.text for match in one.matches] == ["3"]
    [one] = fuse([said(5, 7, 0.05)])
    assert [match.text for match in one.matches] == ["5"]


def test_a_name_speaks_for_the_best_moment_of_its_video():
    best, other = fuse([seen(0, 9, 0.3), seen(20, 29, 0.6), named(0.5)])
    assert (best.start_s, best.score) == (20, pytest.approx(0.8))
    assert set(other.strengths) == {"picture"}
    assert not best.nowhere


def test_a_name_alone_is_nowhere_yet():
    [one] = fuse([named(0.5), named(0.4)])
    assert one.nowhere
    assert one.score == 0.5


def test_words_of_any_evidence_are_words_of_the_candidate():
    written = Evidence("screen", 1, 1, 2, 0.01, Match("screen", "x", (), 1, 2), by_words=True)
    [one] = fuse([said(0, 5, 0.9), written])
    assert one.by_words
    assert not fuse([said(0, 5, 0.9)])[0].by_words
