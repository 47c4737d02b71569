"""A teacher's judgement reaches the student's text space, on concepts that both see dimly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from model.encoder import Float32
from model.towers.distil import PENALTIES, Distilled, distil, soft_captions
from model.towers.torch_tower import unit

CONCEPTS, FRAMES, BANK = 12, 600, 400


@dataclass
class World:
    """Frames and sentences of the same concepts, as a student and a teacher see them."""

    features: Float32
    teacher_frames: Float32
    sentences: Float32
    teacher_sentences: Float32
    frame_concepts: Float32
    sentence_concepts: Float32
    videos: np.ndarray


@pytest.fixture(scope="module")
def world() -> World:
    """The teacher's pictures and texts lie in two cones far apart, as contrastive towers' do."""
    draw = np.random.default_rng(0)

    def normal(*shape: int) -> Float32:
        return draw.normal(size=shape).astype(np.float32)

    def concepts(count: int) -> Float32:
        return draw.dirichlet(np.full(CONCEPTS, 0.15), count).astype(np.float32)

    videos = np.repeat(np.arange(FRAMES // 10), 10)
    frames = 0.7 * concepts(FRAMES // 10)[videos] + 0.3 * concepts(FRAMES)
    bank = concepts(BANK)
    teacher = normal(CONCEPTS, 40)
    return World(
        features=np.maximum(frames @ normal(CONCEPTS, 64) + 0.1 * normal(FRAMES, 64), 0),
        teacher_frames=unit(frames @ teacher + 0.15 * normal(FRAMES, 40) + 4 * normal(1, 40)),
        sentences=unit(bank @ normal(CONCEPTS, 24) + 0.1 * normal(BANK, 24)),
        teacher_sentences=unit(bank @ teacher + 4 * normal(1, 40)),
        frame_concepts=frames,
        sentence_concepts=bank,
        videos=videos,
    )


@pytest.fixture(scope="module")
def pupil(world: World) -> Distilled:
    return fit(world, world.teacher_frames)


def fit(world: World, teacher_frames: Float32) -> Distilled:
    return distil(
        world.features, teacher_frames, world.sentences, world.teacher_sentences, world.videos
    )


def overlap(world: World, similarities: Float32) -> float:
    """How much of a frame's concepts are in the sentence that is nearest to it."""
    nearest = world.sentence_concepts[similarities.argmax(1)]
    return float((unit(nearest) * unit(world.frame_concepts)).sum(1).mean())


def test_the_student_finds_what_the_teacher_finds(world: World, pupil: Distilled):
    """By the student's own features and its own text alone."""
    student = pupil(world.features)
    assert student.shape == (FRAMES, 24)
    assert student.dtype == np.float32
    found = overlap(world, unit(student - student.mean(0)) @ world.sentences.T)
    centred = world.teacher_frames - world.teacher_frames.mean(0)
    taught = overlap(world, centred @ world.teacher_sentences.T)
    chance = overlap(world, np.random.default_rng(1).random((FRAMES, BANK), np.float32))
    assert taught > 0.7 > 0.5 > chance
    assert found > chance + 0.7 * (taught - chance)


def test_agreement_tells_a_teacher_from_nonsense(world: World, pupil: Distilled):
    """It is measured on other videos, so memory does not help."""
    shuffled = np.random.default_rng(1).permutation(world.teacher_frames)
    assert pupil.agreement > 0.6
    assert abs(fit(world, shuffled).agreement) < 0.25
    assert fit(world, shuffled).penalty == max(PENALTIES)


def test_it_is_the_same_each_time(world: World, pupil: Distilled):
    again = fit(world, world.teacher_frames)
    np.testing.assert_array_equal(again.weight, pupil.weight)
    assert (again.penalty, again.agreement) == (pupil.penalty, pupil.agreement)


def test_the_bridge_is_the_ridge_of_the_text_book(world: World, pupil: Distilled):
    """Against a solve with a column of ones that is not penalised."""
    targets = soft_captions(world.teacher_frames, world.teacher_sentences, world.sentences)
    x = np.concatenate([world.features, np.ones((FRAMES, 1))], 1).astype(np.float64)
    scale = world.features.var(0).sum() * FRAMES / 64
    penalty = np.diag([pupil.penalty * scale] * 64 + [0.0])
    expected = np.linalg.solve(x.T @ x + penalty, x.T @ targets)
    np.testing.assert_allclose(pupil.weight, expected[:-1], atol=1e-3)
    np.testing.assert_allclose(pupil.bias, expected[-1], atol=1e-3)


def test_a_caption_is_made_of_the_sentences_that_suit():
    """Three frames, each beside its own sentence; what all have in common does not count."""
    common = np.array([[0, 0, 0, 9]], np.float32)
    frames = unit(np.eye(3, 4, dtype=np.float32) + common)
    bank = unit(np.eye(3, 4, dtype=np.float32) - common)
    student = np.eye(3, 5, dtype=np.float32)
    captions = soft_captions(frames, bank, student)
    assert captions.argmax(1).tolist() == [0, 1, 2]
    np.testing.assert_allclose(captions.sum(1), 1, atol=1e-6)


def test_captions_do_not_depend_on_how_many_rows_are_made_at_once(world: World, monkeypatch):
    whole = soft_captions(world.teacher_frames, world.teacher_sentences, world.sentences)
    monkeypatch.setattr("model.towers.distil.ROWS", 7)
    parts = soft_captions(world.teacher_frames, world.teacher_sentences, world.sentences)
    np.testing.assert_allclose(parts, whole, atol=1e-5)


def test_one_video_cannot_judge_itself(world: World):
    with pytest.raises(ValueError, match="two videos or more"):
        distil(
            world.features,
            world.teacher_frames,
            world.sentences,
            world.teacher_sentences,
            np.zeros(FRAMES, np.int64),
        )
