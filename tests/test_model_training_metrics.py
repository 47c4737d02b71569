"""Accuracy and F1 beside guessing, against figures that can be checked by eye."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from model.training.metrics import measure, score
from model.training.trainer import _measured
from tests.tiny_student import WORDS, tiny_student, world


def scored(predicted: list[int], labels: list[int], classes: int = 4):
    return score(np.array(predicted, np.int64), np.array(labels, np.int64), classes)


def test_figures_by_hand():
    """Class 0: 2 of 3 found, one said wrongly: F1 2/3. Class 1: never said: 0. Class 2: 1."""
    found = scored([0, 0, 2, 0, 2], [0, 0, 0, 1, 2])
    assert found.accuracy == pytest.approx(3 / 5)
    assert found.f1 == pytest.approx((2 * 2 / (3 + 3) + 0 + 2 * 1 / (2 + 1)) / 3)
    assert (found.majority_accuracy, found.uniform_accuracy) == pytest.approx((3 / 5, 1 / 4))
    assert found.majority_f1 == pytest.approx((2 * 0.6 / 1.6) / 3)


def test_guessing_scores_what_it_is_said_to():
    draw = np.random.default_rng(1)
    labels = draw.choice(5, 40_000, p=[0.5, 0.2, 0.15, 0.1, 0.05])
    for predicted, accuracy, f1 in (
        (np.zeros_like(labels), "majority_accuracy", "majority_f1"),
        (draw.integers(5, size=len(labels)), "uniform_accuracy", "uniform_f1"),
    ):
        found = score(predicted, labels, 5)
        assert found.accuracy == pytest.approx(getattr(found, accuracy), abs=0.01)
        assert found.f1 == pytest.approx(getattr(found, f1), abs=0.01)


def test_all_right_and_nothing_to_say():
    assert scored([1, 2], [1, 2]).f1 == 1
    assert scored([], []) is None


def test_a_network_that_has_learnt_nothing_is_at_chance():
    student = tiny_student()
    found = measure(student, student.batches(world(6, 4), size=8, seed=0), 6)
    assert set(found) == {"pieces", "words", "alignment"}
    assert found["words"].classes == WORDS
    assert found["pieces"].accuracy < 0.1
    assert abs(found["alignment"].accuracy - 0.5) < 0.1
    assert found["alignment"].majority_accuracy < 0.6
    assert all(one.count > 10 for one in found.values())


def test_a_head_that_knows_the_answer_is_seen_to():
    """All visual words of this world are one of six: the biases alone say the most frequent."""
    student = tiny_student()
    batches = student.batches([p for p in world(6, 4) if p.video != "video1"], size=8, seed=0)
    with torch.no_grad():
        student.net.word_head.bias[0] = 100.0
    found = measure(student, batches, 6)["words"]
    share = np.mean([int((s.words == 0).all()) for s in batches.bags.segments])
    assert 0 < found.accuracy < 1
    assert found.accuracy == pytest.approx(share, abs=0.2)
    assert found.f1 < found.accuracy


def test_measuring_changes_nothing():
    student = tiny_student()
    before = student.fingerprint
    student.net.train()
    measure(student, student.batches(world(2, 2), size=4, seed=0), 1)
    assert student.fingerprint == before
    assert student.net.training


def test_what_cannot_be_measured_is_left_out():
    """One video has no honest negatives."""
    student = tiny_student()
    assert "alignment" not in measure(student, student.batches(world(1, 1), size=8, seed=0), 8)


def test_few_held_out_pairs_are_masked_again_and_again():
    """Ten rounds over five pairs, each with other masks."""
    found = _measured(tiny_student(), world(2, 3)[:5])
    assert found["alignment"].count == 50
    assert found["pieces"].count > 20
    assert found["words"].count > 5
