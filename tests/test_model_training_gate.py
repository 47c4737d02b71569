"""The gate: better beyond chance on the videos kept apart, and nothing forgotten."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest

from model.classes import imagenet_classes
from model.encoder import Float32
from model.joint import CLASS_DIM
from model.training.gate import FEW_QUERIES, GateDecision, judge
from model.training.metrics import Score, score
from model.training.pairs import TrainingPair
from model.training.probe import STRENGTH, ClassProbe, class_prototypes
from model.training.ranking import (
    Recall,
    paired_bootstrap,
    ranks_of,
    relevant,
    text_to_video_ranks,
)

DIM = 12


class Sees:
    """Clips are their mean feature; a sentence is the number in it, seen with some noise."""

    def __init__(self, noise: float, *, world: float = 0.0, seed: int = 1) -> None:
        self._noise, self._world = noise, world
        self._draw = np.random.default_rng(seed)

    def encode_clips(self, clips: Sequence[Float32]) -> Float32:
        return _unit(np.stack([clip.mean(0) for clip in clips]))

    def encode_text(self, texts: Sequence[str]) -> Float32:
        numbers = [int(text.split()[-1]) for text in texts]
        noise = self._noise if texts[0].startswith("see") else self._world
        vectors = POINTS[numbers] + noise * self._draw.normal(size=(len(texts), DIM))
        return _unit(vectors.astype(np.float32))


def _unit(x: np.ndarray) -> Float32:
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


POINTS = _unit(np.random.default_rng(0).normal(size=(80, DIM)))


def held_out(count: int = 60, videos: int = 6) -> list[TrainingPair]:
    return [
        TrainingPair(f"v{i % videos}", POINTS[[i, i]], 90.0 * i, 90.0 * i + 3, f"see {i}")
        for i in range(count)
    ]


def probe() -> ClassProbe:
    return ClassProbe([f"name {i}" for i in range(80)], POINTS)


def test_a_better_model_is_accepted_with_its_figures():
    decision = judge(Sees(0.4), Sees(0.05), held_out(), probe())
    assert decision.accepted
    assert (decision.queries, decision.videos) == (60, 6)
    assert decision.candidate.mrr > decision.current.mrr + 0.1
    assert decision.differences["MRR"].low > 0
    assert "better beyond chance" in str(decision)
    assert str(decision).startswith("Accepted.")


def test_the_same_model_is_refused():
    decision = judge(Sees(0.2), Sees(0.2), held_out(), probe())
    assert not decision.accepted
    assert "not better beyond chance" in str(decision)


def test_a_lucky_model_is_refused():
    """As good as the other, with other errors: about one interval in forty would be above zero."""
    decisions = [
        judge(Sees(0.25, seed=seed), Sees(0.25, seed=100 + seed), held_out(), probe())
        for seed in range(12)
    ]
    assert sum(decision.accepted for decision in decisions) <= 1


def test_a_worse_model_is_refused_at_the_top():
    decision = judge(Sees(0.05), Sees(0.6), held_out(), probe())
    assert not decision.accepted
    assert "worse at the top: R@1 -" in str(decision)


def test_a_model_that_has_forgotten_the_world_is_refused_however_good_it_is():
    decision = judge(Sees(0.4), Sees(0.05, world=0.4), held_out(), probe())
    assert not decision.accepted
    assert [reason for reason in decision.reasons if "forgotten" in reason] == list(
        decision.reasons
    )
    assert f"{decision.probe_candidate:.3f}, before 1.000" in str(decision)


def test_a_model_that_aligns_less_well_is_refused():
    """Its second look at the best answers would undo what the first has won."""

    def told(right: int) -> Score:
        labels = np.arange(100) % 2
        return score(np.where(np.arange(100) < right, labels, 1 - labels), labels, 2)

    def judged(before: int, after: int) -> GateDecision:
        both = told(before), told(after)
        return judge(Sees(0.4), Sees(0.05), held_out(), probe(), alignment=both)

    assert judged(80, 78).accepted
    refused = judged(80, 70)
    assert refused.reasons == (
        "It tells sentences of other videos from a video's own less well: accuracy 0.700, before "
        "0.800.",
    )


@pytest.mark.parametrize(
    ("count", "videos"), [(0, 1), (1, 1), (FEW_QUERIES - 1, 5), (FEW_QUERIES + 9, 1)]
)
def test_too_few_held_out_pairs_are_an_answer(count: int, videos: int):
    decision = judge(Sees(0.4), Sees(0.05), held_out(count, videos), probe())
    assert not decision.accepted
    assert "too few to tell" in decision.reasons[0]
    assert decision.queries == count
    json.dumps(decision.to_json())


def test_the_decision_is_the_same_each_time():
    first, second = (judge(Sees(0.4), Sees(0.1), held_out(), probe()) for _ in range(2))
    assert first == second


# ranks


def test_ranks_by_hand():
    """Ties count against it, and of several right ones the best counts."""
    similarities = np.array([[0.9, 0.5, 0.1], [0.5, 0.5, 0.5], [0.9, 0.8, 0.7]], np.float32)
    right = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 1]], np.bool_)
    assert ranks_of(similarities, right).tolist() == [1, 3, 2]


def test_a_model_to_which_everything_is_alike_is_last():
    class Blind(Sees):
        def encode_clips(self, clips: Sequence[Float32]) -> Float32:
            return _unit(np.ones((len(clips), DIM)))

    assert text_to_video_ranks(Blind(0.1), held_out(9)).tolist() == [9.0] * 9


def test_a_window_that_overlaps_and_one_of_the_same_words_are_right_too():
    def pair(video: str, start: float, text: str) -> TrainingPair:
        return TrainingPair(video, np.ones((2, 3), np.float32), start, start + 3, text)

    found = relevant([pair("v", 0, "a"), pair("v", 2, "b"), pair("v", 3, "c"), pair("w", 0, "A")])
    assert found.tolist() == [
        [True, True, False, True],
        [True, True, True, False],
        [False, True, True, False],
        [True, False, False, True],
    ]


def test_recall_by_hand():
    found = Recall.of(np.array([1.0, 2.0, 5.0, 10.0]))
    assert (found.r1, found.r5) == (0.25, 0.75)
    assert found.mrr == pytest.approx((1 + 0.5 + 0.2 + 0.1) / 4)
    assert Recall.of(np.empty(0)) == Recall(0, 0.0, 0.0, 0.0)


def test_the_interval_is_that_of_the_normal_approximation():
    draw = np.random.default_rng(3)
    before, gain = draw.random(400), draw.normal(0.1, 0.5, 400)
    found = paired_bootstrap(before, before + gain)
    width = 1.96 * gain.std() / 20
    assert found.value == pytest.approx(gain.mean())
    assert (found.low, found.high) == pytest.approx(
        (gain.mean() - width, gain.mean() + width), abs=0.01
    )


def test_pairing_tells_a_small_gain_from_large_differences_between_queries():
    """Unpaired, queries from easy to impossible would drown it."""
    hard = np.random.default_rng(3).random(200)
    assert paired_bootstrap(hard, hard + 0.01).low > 0.009


# the probe


def test_the_probe_is_the_mean_reciprocal_rank_of_the_right_class():
    assert probe()(Sees(0.0)) == 1.0
    assert 0.02 < probe()(Sees(0.0, world=100.0)) < 0.2


def test_prototypes_look_like_real_tokens_and_lean_to_their_class():
    draw = np.random.default_rng(0)
    weight = draw.normal(size=(50, 128)).astype(np.float32)
    tokens = np.maximum(draw.normal(0.3, 0.4, (500, 128)), 0).astype(np.float32)
    found = class_prototypes(weight, tokens)
    assert found.dtype == np.float32
    assert found.min() >= 0
    spread = np.linalg.norm(tokens - tokens.mean(0), axis=1).mean()
    apart = np.linalg.norm(found - tokens.mean(0), axis=1).mean()
    assert apart == pytest.approx(STRENGTH * spread, rel=0.1)
    assert ((found - tokens.mean(0)) @ (weight - weight.mean(0)).T).argmax(1).tolist() == list(
        range(50)
    )


def test_only_the_pooled_layer_of_a_prototype_is_never_negative():
    """What follows it in the features is centred: half of it is below zero, and stays there."""
    draw = np.random.default_rng(0)
    weight = np.zeros((20, CLASS_DIM + 40), np.float32)
    weight[:, :CLASS_DIM] = draw.normal(size=(20, CLASS_DIM))
    tokens = draw.normal(size=(500, CLASS_DIM + 40)).astype(np.float32)
    tokens[:, :CLASS_DIM] = np.maximum(tokens[:, :CLASS_DIM] - 1, 0)
    found = class_prototypes(weight, tokens)
    assert found[:, :CLASS_DIM].min() == 0
    np.testing.assert_allclose(found[:, CLASS_DIM:], np.tile(tokens.mean(0)[CLASS_DIM:], (20, 1)))
    assert found.min() < 0


def test_there_is_a_name_and_a_sentence_for_each_class():
    known = imagenet_classes()
    assert len(known) == 1000
    assert known[0].name == "tench"
    assert known[0].sentence.startswith("tench, Tinca tinca: freshwater")
