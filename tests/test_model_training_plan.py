"""How much is trained, and that the reason is said."""

from __future__ import annotations

import pytest

from model.training.plan import Scope, plan_training


@pytest.mark.parametrize(
    ("pairs", "gpu", "scope"),
    [
        (0, False, Scope.NOTHING),
        (99, True, Scope.NOTHING),
        (100, False, Scope.BRIDGE),
        (1_999, True, Scope.BRIDGE),
        (2_000, False, Scope.TOP),
        (49_999, False, Scope.TOP),
        (2_000, True, Scope.TRUNK),
        (50_000, False, Scope.TRUNK),
    ],
)
def test_pairs_decide_and_a_gpu_pays_for_the_trunk(pairs: int, gpu: bool, scope: Scope):
    plan = plan_training(pairs, gpu=gpu)
    assert plan.scope is scope
    assert f"{pairs:,}" in plan.why
    assert (plan.steps > 0) == (scope is not Scope.NOTHING)
    assert not plan.forced


def test_few_pairs_are_an_answer():
    plan = plan_training(25, gpu=False)
    assert plan.steps == 0
    assert "fewer than 100" in plan.why
    assert "current model stays" in plan.why


@pytest.mark.parametrize("pairs", [100, 500, 1_999])
def test_some_pairs_are_looked_at_a_hundred_times_at_most(pairs: int):
    assert 0 < plan_training(pairs, gpu=False).steps <= 100


def test_more_pairs_are_trained_on_longer():
    steps = [plan_training(pairs, gpu=False).steps for pairs in (2_000, 20_000, 200_000)]
    assert steps == sorted(steps)
    assert steps[0] == 4 * 16  # epochs of 128


def test_steps_that_are_asked_for_are_made():
    plan = plan_training(25, gpu=False, steps=7)
    assert (plan.scope, plan.steps, plan.forced) == (Scope.BRIDGE, 7, True)
    assert "7 steps were asked for" in plan.why
    assert plan_training(3_000, gpu=False, steps=7).scope is Scope.TOP


def test_without_pairs_no_steps_can_be_forced():
    assert plan_training(0, gpu=False, steps=7).scope is Scope.NOTHING


def test_a_batch_is_no_larger_than_what_there_is():
    assert plan_training(30, gpu=False, steps=1).batch == 30
