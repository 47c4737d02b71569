"""The ridge towards the bridge that is there: closed form, chosen by cross-validation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from model.fitting import ridge
from model.training.pairs import TrainingPair
from model.training.ranking import text_to_video_ranks
from model.training.refit import PENALTIES, _Ridge, refit_bridge
from model.training.student import Student
from tests.tiny_student import FEATURES, SUBJECTS, tiny_student


def casts(videos: int = 12, sentences: int = 6, seed: int = 0) -> list[TrainingPair]:
    """Videos of several subjects each; a sentence names the one that its window shows.

    Features are large: the ridge's penalties are for libraries of many more pairs.
    """
    draw = np.random.default_rng(seed)
    pairs = []
    for number in range(videos):
        for at in range(sentences):
            subject = int((number + at * (1 + number % 3)) % len(SUBJECTS))
            tokens = draw.random((4, FEATURES)) * 6
            tokens[:, subject] += 40
            pairs.append(
                TrainingPair(
                    f"video{number}",
                    tokens.astype(np.float32),
                    30.0 * at,
                    30.0 * at + 6,
                    f"here is {SUBJECTS[subject]}",
                )
            )
    return pairs


@pytest.fixture
def student() -> Student:
    return tiny_student()


def mrr(student: Student, pairs: list[TrainingPair]) -> float:
    return float((1 / text_to_video_ranks(student, pairs)).mean())


@pytest.mark.parametrize("shape", [(30, 8), (8, 30)])
def test_it_is_the_ridge_with_a_prior_over_pairs_and_over_features(shape: tuple[int, int]):
    draw = np.random.default_rng(0)
    x, y = draw.normal(size=shape).astype(np.float32), draw.normal(size=(shape[0], 5))
    prior = draw.normal(size=(5, shape[1])).astype(np.float32)
    solver = _Ridge(x, y.astype(np.float32), prior)
    for penalty in (0.1, 10.0, 1e6):
        expected = ridge(x, y, penalty, prior)
        for found, true in zip(solver.fit(penalty), expected, strict=True):
            np.testing.assert_allclose(found, true, atol=1e-3)


def test_a_large_penalty_moves_the_mean_alone():
    draw = np.random.default_rng(0)
    x, y = (draw.normal(size=(20, n)).astype(np.float32) for n in (6, 3))
    prior = draw.normal(size=(3, 6)).astype(np.float32)
    weight, bias = _Ridge(x, y, prior).fit(1e9)
    np.testing.assert_allclose(weight, prior, atol=1e-5)
    np.testing.assert_allclose(weight @ x.mean(0) + bias, y.mean(0), atol=1e-5)


def test_it_learns_what_other_videos_of_the_library_show(student: Student):
    held_out = casts(seed=1)
    before = mrr(student, held_out)
    refit = refit_bridge(student, casts())
    assert refit.penalty in PENALTIES
    assert refit.after > refit.before + 0.1
    assert mrr(student, held_out) > before + 0.1
    assert "fitted anew" in str(refit)


def test_a_good_bridge_is_not_spoilt_by_words_that_do_not_fit(student: Student):
    refit_bridge(student, casts())
    pairs = casts()
    right = mrr(student, pairs)
    draw = np.random.default_rng(2).permutation(len(pairs))
    wrong = [replace(p, text=pairs[i].text) for p, i in zip(pairs, draw, strict=True)]
    refit_bridge(student, [*pairs, *wrong[:8]])
    assert mrr(student, pairs) > right - 0.02


def test_a_bridge_that_cannot_be_better_stays(student: Student):
    refit_bridge(student, casts())
    pairs, before = casts(), student.fingerprint
    assert mrr(student, pairs) == 1
    refit = refit_bridge(student, pairs)
    assert (refit.penalty, refit.before, refit.after) == (None, 1, 1)
    assert "stays" in str(refit)
    assert student.fingerprint == before


def test_it_is_the_same_each_time(student: Student):
    other = tiny_student()
    assert refit_bridge(student, casts()) == refit_bridge(other, casts())
    assert student.fingerprint == other.fingerprint


def test_only_the_regression_moves(student: Student):
    before = {name: tensor.clone() for name, tensor in student.net.state_dict().items()}
    refit_bridge(student, casts())
    after = student.net.state_dict()
    moved = {name for name, tensor in before.items() if not torch.equal(tensor, after[name])}
    assert moved == {"bridge.ridge_weight", "bridge.ridge_bias"}


def test_a_single_video_or_another_bridge_is_left_alone(student: Student):
    single = [pair for pair in casts() if pair.video == "video0"]
    before = student.fingerprint
    assert refit_bridge(student, single) is None
    assert student.fingerprint == before

    class Other(nn.Module):
        pass

    student.net.bridge = Other()
    assert refit_bridge(student, casts()) is None
