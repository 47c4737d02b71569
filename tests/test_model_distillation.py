"""A small network comes near its teacher, keeps its best epoch, and does so again by its seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from model.distillation import (
    DistillationConfig,
    Lessons,
    Progress,
    distil,
    distillation_loss,
    mean_cosine,
)
from model.recurrent import RecurrentText
from tests.small_recurrent import TOY, network

QUICK = DistillationConfig(epochs=5, batch=32, learning_rate=2e-2)
Taught = tuple[RecurrentText, float, float, list[Progress]]


def lessons(count: int, seed: int) -> Lessons:
    """Sentences whose vector is a fixed function of their words and of which word is first."""
    fixed = np.random.default_rng(5)
    first, other = fixed.normal(size=(2, TOY.vocab_size, TOY.dim))
    draw = np.random.default_rng(seed)
    token_ids = [draw.integers(TOY.vocab_size, size=draw.integers(1, 7)) for _ in range(count)]
    vectors = np.array([first[row[0]] + other[row].mean(0) for row in token_ids])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Lessons([row.tolist() for row in token_ids], vectors.astype(np.float16))


@pytest.fixture(scope="module")
def taught() -> Taught:
    """A network after its lessons, its held-out cosine before and after, and all reports."""
    net, held_out, seen = network(), lessons(200, seed=2), list[Progress]()
    before = mean_cosine(net, held_out)
    after = distil(net, lessons(800, seed=1), held_out, QUICK, seen.append)
    return net, before, after, seen


def test_distillation_comes_near_the_teacher(
    taught: Taught,
):
    _, before, after, seen = taught
    assert abs(before) < 0.3
    assert after > 0.6
    losses = [progress.loss for progress in seen if progress.cosine is not None]
    assert losses[-1] < 0.4 * losses[0]


def test_the_best_epoch_is_kept(taught: Taught):
    net, _, after, seen = taught
    cosines = [progress.cosine for progress in seen if progress.cosine is not None]
    assert len(cosines) == QUICK.epochs
    assert after == max(cosines)
    assert mean_cosine(net, lessons(200, seed=2)) == pytest.approx(after)


def test_every_step_is_reported(taught: Taught):
    *_, seen = taught
    steps = [progress.step for progress in seen if progress.cosine is None]
    assert steps == list(range(1, 5 * 25 + 1))  # 25 batches of 32 hold 800 sentences
    assert {progress.steps for progress in seen} == {5 * 25}


def test_a_seed_makes_the_weights():
    """The same seed the same weights to the bit, another seed others."""
    few, held_out = lessons(200, seed=1), lessons(20, seed=2)
    nets = [network() for _ in range(3)]
    for net, seed in zip(nets, (1, 1, 2), strict=True):
        distil(net, few, held_out, replace(QUICK, epochs=1, seed=seed))
    first, again, other = (net.projection.weight for net in nets)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_teaching_stops_where_held_out_sentences_gain_nothing():
    """Taught the opposite of what is held out, the first epoch stays the best."""
    held_out = lessons(100, seed=2)
    wrong = Lessons(held_out.token_ids, -held_out.vectors)
    net, seen = network(), list[Progress]()
    best = distil(net, wrong, held_out, replace(QUICK, patience=2), seen.append)
    cosines = [progress.cosine for progress in seen if progress.cosine is not None]
    assert len(cosines) == 3
    assert best == cosines[0] > cosines[-1]
    assert mean_cosine(net, held_out) == pytest.approx(best)


def test_the_loss_is_cosine_and_similarities():
    teacher = torch.eye(2)
    turned = torch.eye(2).flip(0)  # orthogonal to the teacher, with its similarities
    assert distillation_loss(teacher, teacher, 1.0).item() == 0.0
    assert distillation_loss(turned, teacher, 1.0).item() == 1.0
    merged = torch.tensor([[1.0, 0.0], [1.0, 0.0]])  # half the cosines, two errors of 1 in 4
    assert distillation_loss(merged, teacher, 0.0).item() == 0.5
    assert distillation_loss(merged, teacher, 2.0).item() == 0.5 + 2.0 * 2 / 4


def test_batches_hold_every_sentence_once_with_little_padding():
    """Each with its own vector; those of similar length come together."""
    every = lessons(1000, seed=3)
    found, places, words = [], 0, 0
    for token_ids, mask, vectors in every.batches(32, np.random.default_rng(1)):
        for row, present, vector in zip(token_ids, mask, vectors, strict=True):
            found.append((row[present == 1].tolist(), vector.half().tolist()))
        places, words = places + mask.numel(), words + int(mask.sum())
    expected = zip(every.token_ids, every.vectors.tolist(), strict=True)
    assert sorted(found) == sorted((list(ids), vector) for ids, vector in expected)
    assert words > 0.95 * places
