"""The joint space in closed form, against what can be worked out another way."""

from __future__ import annotations

import numpy as np
import pytest

from model.fitting import fit_joint_space, mean_by_owner, ridge, whitening_map
from model.joint import CLASS_DIM, unit


@pytest.fixture
def draw() -> np.random.Generator:
    return np.random.default_rng(0)


def test_ridge_is_where_the_gradient_vanishes(draw: np.random.Generator):
    x, y = draw.normal(size=(50, 7)) + 3, draw.normal(size=(50, 4)) - 2
    weight, bias = ridge(x.astype(np.float32), y.astype(np.float32), 5.0)
    error = x @ weight.T + bias - y
    np.testing.assert_allclose(error.T @ x + 5.0 * weight, 0, atol=2e-3)
    np.testing.assert_allclose(error.sum(0), 0, atol=1e-3)


def test_a_prior_is_kept_where_there_is_little_to_learn_from(draw: np.random.Generator):
    x = draw.normal(size=(40, 6)).astype(np.float32)
    prior = draw.normal(size=(3, 6)).astype(np.float32)
    y = x @ draw.normal(size=(6, 3)).astype(np.float32)
    strong, _ = ridge(x, y, 1e9, prior)
    weak, _ = ridge(x, y, 1e-6, prior)
    free, _ = ridge(x, y, 1e-6)
    np.testing.assert_allclose(strong, prior, atol=1e-4)
    np.testing.assert_allclose(weak, free, atol=1e-3)


def test_full_whitening_makes_all_directions_equal(draw: np.random.Generator):
    sentences = (
        draw.normal(size=(4000, 5)) * [1, 2, 3, 4, 5] @ np.linalg.qr(draw.normal(size=(5, 5)))[0]
    )
    sentences = sentences.astype(np.float32)
    mean = sentences.mean(0)
    mapped = (sentences - mean) @ whitening_map(sentences, mean, power=1.0)
    np.testing.assert_allclose(np.cov(mapped.T), np.eye(5), atol=1e-2)


def test_no_whitening_is_the_identity(draw: np.random.Generator):
    sentences = draw.normal(size=(100, 5)).astype(np.float32)
    mapping = whitening_map(sentences, sentences.mean(0), power=0.0)
    np.testing.assert_allclose(mapping, np.eye(5), atol=1e-5)


def test_a_direction_without_variance_is_not_blown_up(draw: np.random.Generator):
    sentences = draw.normal(size=(100, 5)).astype(np.float32)
    sentences[:, 4] = 0
    assert np.abs(whitening_map(sentences, sentences.mean(0))).max() < 100


def test_means_are_taken_by_owner():
    vectors = np.array([[1, 0], [3, 0], [0, 5]], np.float32)
    np.testing.assert_array_equal(mean_by_owner(vectors, [1, 1, 0], 2), [[0, 5], [2, 0]])


def test_a_picture_without_a_sentence_is_refused():
    with pytest.raises(ValueError, match="row 1 has no sentence"):
        mean_by_owner(np.ones((2, 3), np.float32), [0, 2], 3)


def test_pictures_find_their_own_sentences(draw: np.random.Generator):
    """Pictures of a made-up world in which features are a linear image of what is said."""
    dim, extra, pictures = 16, 40, 300
    sentences = unit(draw.normal(size=(pictures, dim)).astype(np.float32))
    features = np.zeros((pictures, CLASS_DIM + extra), np.float32)
    features[:, CLASS_DIM:] = 20 * sentences @ draw.normal(size=(dim, extra)).astype(np.float32)
    classes = {
        "class_weight": np.zeros((4, CLASS_DIM), np.float32),
        "class_bias": np.zeros(4, np.float32),
        "anchors": unit(draw.normal(size=(4, dim)).astype(np.float32)),
    }
    space = fit_joint_space(features[:200], sentences[:200], range(200), classes)
    scores = space.text(sentences[200:]) @ space.clips([row[None] for row in features[200:]]).T
    assert (scores.argmax(1) == np.arange(100)).mean() > 0.9
