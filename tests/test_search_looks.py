"""Several vectors become one query."""

from __future__ import annotations

import numpy as np
import pytest

from search.blend import DEVIATION, Part, blend
from search.diversity import diversify
from search.errors import InvalidQuery
from search.looks import EXAMPLE, IRRELEVANT, RELEVANT, UNWANTED, WORDS, Look

X, Y, Z = np.eye(3, dtype=np.float32)
NOTHING_KNOWN = np.empty((0, 3), np.float32)


def direction(*weights: float) -> np.ndarray:
    return np.array(weights) / np.linalg.norm(weights)


def test_one_part_stays_as_it_is():
    assert blend([Part(X, 0.3)], NOTHING_KNOWN) is X


def test_parts_are_added_by_their_weights():
    assert blend([Part(X, 1), Part(Y, -0.5)], NOTHING_KNOWN) == pytest.approx(direction(1, -0.5, 0))


def test_each_part_counts_in_its_own_deviations():
    sample = np.zeros((100_000, 3), np.float32)
    sample[::2, 0], sample[1::2, 0] = 0.2, -0.2  # 0.2 along X
    sample[::4, 1], sample[2::4, 1] = 0.1, -0.1  # 0.0707 along Y
    found = blend([Part(X, 1), Part(Y, 1)], sample)
    assert found == pytest.approx(direction(1 / 0.2, 1 / np.sqrt(0.005), 0), abs=1e-3)


def test_a_small_library_is_believed_little():
    same = np.tile(X, (5, 1))  # no deviation at all
    found = blend([Part(X, 1), Part(Y, 1)], same)
    assert found == pytest.approx(direction(1, 1, 0), abs=1e-6)
    assert DEVIATION > 0


def test_a_weight_of_nothing_changes_nothing():
    assert blend([Part(X, 1), Part(Y, 0)], NOTHING_KNOWN) == pytest.approx(X)


def test_a_blend_can_be_searched_by():
    """Of unit length in float32, as FAISS takes it, and the same every time."""
    random = np.random.default_rng(0)
    sample = random.standard_normal((50, 3))
    parts = [Part(X, 1), Part(Y, 0.5), Part(Z, -0.5)]
    found = blend(parts, sample.astype(np.float32))
    assert found.dtype == np.float32
    assert np.linalg.norm(found) == pytest.approx(1)
    assert (blend(parts, sample.astype(np.float32)) == found).all()


def test_what_is_unwanted_alone_points_away():
    assert blend([Part(X, -0.5)], NOTHING_KNOWN) == pytest.approx(-X)


@pytest.mark.parametrize("parts", [[], [Part(X, 1), Part(X, -1)]])
def test_what_leaves_nothing_is_refused(parts: list[Part]):
    with pytest.raises(ValueError, match="nothing is left"):
        blend(parts, NOTHING_KNOWN)


def test_only_words_that_are_wanted_are_plain():
    assert Look(said=[X]).is_plain
    assert not Look(said=[X], unwanted=[Y]).is_plain
    assert not Look(said=[X], relevant=[Y]).is_plain
    assert not Look(seen=[X]).is_plain
    assert Look(said=[X]).vector(NOTHING_KNOWN) is X


def test_without_anything_wanted_there_is_no_vector():
    assert Look().vector(NOTHING_KNOWN) is None
    assert Look(unwanted=[X], irrelevant=[Y]).vector(NOTHING_KNOWN) is None


def test_examples_of_a_kind_count_together():
    look = Look(said=[X], seen=[Y, Y], relevant=[Z, Z, Z])
    assert look.vector(NOTHING_KNOWN) == pytest.approx(direction(WORDS, EXAMPLE, RELEVANT))


def test_examples_alone_count_the_same_as_words_alone():
    assert Look(seen=[Y]).vector(NOTHING_KNOWN) is Y
    two = Look(seen=[X, Y], unwanted=[Z]).vector(NOTHING_KNOWN)
    assert two == pytest.approx(direction(0.5, 0.5, UNWANTED))


def test_what_was_refused_counts_against():
    found = Look(said=[X], irrelevant=[Y, Y]).vector(NOTHING_KNOWN)
    assert found == pytest.approx(direction(WORDS, IRRELEVANT, 0))


def test_wanting_what_is_not_wanted_is_refused():
    half = [X, X]
    with pytest.raises(InvalidQuery, match="are the same"):
        Look(seen=half, unwanted=half).vector(NOTHING_KNOWN)


def test_without_diversity_the_best_come_first():
    vectors = np.stack([X, X, Y])
    assert diversify([0.5, 0.9, 0.7], vectors, 3, 0) == [1, 2, 0]
    assert diversify([0.5, 0.9, 0.7], vectors, 2, 0) == [1, 2]


def test_what_is_like_a_better_one_comes_later():
    # after the first: 0.5 * 0.89 - 0.5 * 1 = -0.06 against 0.5 * 0.67 - 0.5 * 0 = 0.33
    assert diversify([0.9, 0.8, 0.6], np.stack([X, X, Y]), 3, 0.5) == [0, 2, 1]


@pytest.mark.parametrize("diversity", [0, 0.3, 1])
def test_all_come_once(diversity: float):
    random = np.random.default_rng(0)
    vectors = random.standard_normal((20, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    order = diversify(random.random(20).tolist(), vectors, 99, diversity)
    assert sorted(order) == list(range(20))


def test_wrong_measures_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        diversify([0.5], np.stack([X, Y]), 1, 0)
    with pytest.raises(ValueError, match="not from 0 to 1"):
        diversify([0.5], np.stack([X]), 1, 1.5)
    assert diversify([], NOTHING_KNOWN, 5, 0.5) == []


def test_only_the_proportions_of_scores_count():
    """Else a question of which nothing is sure would be answered by what is unlike everything."""
    vectors = np.stack([X, X + Y, Y, X]) / np.array([[1], [np.sqrt(2)], [1], [1]], np.float32)
    scores = np.array([0.9, 0.8, 0.3, 0.2])
    sure, unsure = (diversify((scores * times).tolist(), vectors, 4, 0.3) for times in (1, 0.01))
    assert sure == unsure == [0, 1, 2, 3]
