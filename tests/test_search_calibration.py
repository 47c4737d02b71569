"""Cosines become probabilities that depend on what else the library holds."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.store.vectors import FaissStore
from search.calibration import PICTURE_CURVE, SPEECH_CURVE, Calibration
from search.chance import USUAL, of_captions, of_clips, of_sentences
from search.null import Null, surprise

CURVES = [PICTURE_CURVE, SPEECH_CURVE]


def store(vectors: np.ndarray) -> FaissStore:
    made = FaissStore(vectors.shape[1])
    made.add(np.arange(1, len(vectors) + 1), vectors.astype(np.float32))
    return made


def unit(rows: int, dim: int = 16, seed: int = 0) -> np.ndarray:
    x = np.random.default_rng(seed).normal(size=(rows, dim))
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


SENTENCES = unit(300, seed=5)


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("of", [of_captions, of_sentences])
@pytest.mark.parametrize(
    "vectors", [np.empty((0, 16)), unit(1), unit(300), np.ones((5000, 16)) / 4]
)
def test_probabilities_are_0_to_1_and_rise_with_the_cosine(curve, of, vectors):
    calibration = Calibration(lambda: of(store(vectors), SENTENCES), curve)
    found = calibration.strengths(unit(1, seed=7)[0], np.linspace(-1, 1, 41))
    assert np.isfinite(found).all()
    assert (np.diff(found) >= 0).all()
    assert 0 <= found.min() <= found.max() <= 1


def test_no_cosines_are_no_probabilities():
    calibration = Calibration(lambda: of_captions(store(unit(3)), SENTENCES), PICTURE_CURVE)
    assert calibration.strengths(np.zeros(16, np.float32), np.array([])).shape == (0,)


def test_the_same_cosine_says_less_in_a_larger_library():
    query = unit(1, seed=9)[0]
    small, large = (
        Calibration(lambda n=n: of_captions(store(unit(n)), SENTENCES), PICTURE_CURVE)
        for n in (10, 5000)
    )
    assert small.strengths(query, np.array(0.7)) > large.strengths(query, np.array(0.7))


def test_a_question_that_is_near_to_every_sentence_says_less():
    sentences = unit(300, seed=5) + np.eye(16, dtype=np.float32)[0]
    sentences /= np.linalg.norm(sentences, axis=1, keepdims=True)
    calibration = Calibration(lambda: of_captions(store(unit(50)), sentences), PICTURE_CURVE)
    common, rare = np.eye(16, dtype=np.float32)[:2]
    assert calibration.strengths(common, np.array(0.8)) < calibration.strengths(rare, np.array(0.8))


def test_three_lines_of_speech_teach_nothing_of_how_near_a_line_can_be():
    """Far from all sentences, as a law of their own would be: yet it is not the only one."""
    lines = np.tile(np.eye(16, dtype=np.float32)[3], (3, 1))
    sentences = unit(300, seed=5)
    sentences[:, 3] = 0
    sentences /= np.linalg.norm(sentences, axis=1, keepdims=True)
    assert of_sentences(store(lines), sentences)[1].location > 0.3
    assert of_captions(store(lines), sentences)[1].location < 0.1


@pytest.mark.parametrize("rate", [0.05, 0.2])
def test_the_stated_share_of_other_background_gets_past_the_threshold(rate: float):
    """2,000 questions of the same kind as the background, none of which fitted the law."""
    held_out, clips = unit(2000, seed=11), store(unit(400))
    calibration = Calibration(lambda: of_captions(clips, SENTENCES), PICTURE_CURVE)
    best = clips.search(held_out, 1)[0][:, 0]
    surest = np.array(
        [calibration.strengths(q, np.array(c)) for q, c in zip(held_out, best, strict=True)]
    )
    assert (surest >= PICTURE_CURVE.threshold(rate)).mean() == pytest.approx(rate, abs=0.05)


def test_clips_are_asked_of_other_videos_only():
    """Ten videos of two clips, alike within and unlike between."""
    vectors = np.repeat(np.eye(16, dtype=np.float32)[:10], 2, axis=0)
    videos = np.repeat(np.arange(10), 2)
    centre, null = of_clips(vectors, videos, len(vectors))
    calibration = Calibration(lambda: (centre, null), PICTURE_CURVE)
    again, other = calibration.strengths(vectors[0], np.array([1.0, 0.0]))
    assert again > 0.9
    assert other < 0.1


@pytest.mark.parametrize("vectors", [np.empty((0, 16), np.float32), unit(5), unit(100)])
def test_one_video_knows_no_others(vectors: np.ndarray):
    assert of_clips(vectors, np.zeros(len(vectors)), len(vectors))[1] == USUAL


def test_the_law_is_that_of_gumbel():
    best = np.random.default_rng(0).gumbel(0.2, 0.08, 20_000)
    null = Null.fit(best)
    assert (null.location, null.scale) == pytest.approx((0.2, 0.08), rel=0.05)
    past = null.location + null.scale * surprise(0.1)
    assert (best > past).mean() == pytest.approx(0.1, abs=0.01)


def test_background_that_is_there_after_all_does_not_bend_the_law():
    best = np.random.default_rng(0).gumbel(0.2, 0.08, 1000)
    bent = np.concatenate([best, np.full(100, 0.95)])
    assert Null.fit(bent).location == pytest.approx(0.2, abs=0.03)


def test_the_best_of_ten_times_as_many_is_higher():
    best = np.random.default_rng(0).gumbel(0.2, 0.08, (5000, 10)).max(1)
    assert Null(0.2, 0.08).among(10).location == pytest.approx(Null.fit(best).location, abs=0.01)
