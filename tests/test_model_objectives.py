"""Losses against their formulas, written out as loops."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from model.masking import IGNORED
from model.objectives import (
    Temperature,
    alignment_loss,
    anchor_kl,
    feature_nce,
    info_nce,
    masked_cross_entropy,
    mil_nce,
)
from tests.test_model_masking import seeded


def units(n: int, d: int = 8, seed: int = 0) -> Tensor:
    return F.normalize(torch.randn(n, d, generator=seeded(seed)), dim=1)


def test_cross_entropy_is_the_mean_over_masked_positions_only():
    """Padding and unmasked words neither count nor dilute."""
    logits = torch.randn(3, 6, 10, generator=seeded())
    labels = torch.full((3, 6), IGNORED)
    labels[0, 1], labels[0, 4], labels[2, 3] = 7, 0, 9
    terms = [-logits[b, t].log_softmax(0)[labels[b, t]] for b, t in ((0, 1), (0, 4), (2, 3))]
    loss = masked_cross_entropy(logits, labels)
    torch.testing.assert_close(loss, torch.stack(terms).mean())
    padded = F.pad(labels, (0, 50), value=IGNORED)
    more = masked_cross_entropy(F.pad(logits, (0, 0, 0, 50), value=3.0), padded)
    torch.testing.assert_close(more, loss)


def test_nothing_masked_is_no_loss_and_no_nan():
    logits = torch.randn(2, 3, 5, requires_grad=True)
    loss = masked_cross_entropy(logits, torch.full((2, 3), IGNORED))
    loss.backward()
    assert loss == 0
    assert torch.equal(logits.grad, torch.zeros_like(logits))
    empty = torch.empty(0, 5, requires_grad=True)
    for loss in (
        masked_cross_entropy(empty, torch.empty(0, dtype=torch.int64)),
        feature_nce(empty, torch.empty(0, 5)),
        alignment_loss(empty[:, 0], torch.empty(0)),
    ):
        loss.backward()
        assert loss == 0


def test_feature_nce_is_a_softmax_over_the_other_tokens():
    predicted, features = units(5), units(5, seed=1)
    terms = []
    for i in range(5):
        s = [float(predicted[i] @ features[j]) / 0.1 for j in range(5)]
        terms.append(-math.log(math.exp(s[i]) / sum(math.exp(x) for x in s)))
    loss = feature_nce(predicted * 3, features * 2, 0.1)  # lengths do not matter
    assert float(loss) == pytest.approx(sum(terms) / 5, rel=1e-5)


def test_a_still_camera_makes_no_wrong_answers():
    """Tokens that look the same cannot be told apart, and need not be."""
    features = units(3)[[0, 1, 2, 0]]
    loss = feature_nce(features, features, 0.05)
    apart = feature_nce(features[:3], features[:3], 0.05)
    assert loss < math.log(2) / 2
    assert float(loss) == pytest.approx(float(apart), abs=0.02)
    assert feature_nce(units(1), units(1, seed=1)) == 0  # nothing to be told from


def test_alignment_loss_is_binary_cross_entropy():
    loss = alignment_loss(torch.tensor([2.0, -1.0, 0.5]), torch.tensor([1, 0, 0]))
    p = [1 / (1 + math.exp(-x)) for x in (2.0, -1.0, 0.5)]
    expected = -(math.log(p[0]) + math.log(1 - p[1]) + math.log(1 - p[2])) / 3
    assert float(loss) == pytest.approx(expected)


def test_info_nce_is_symmetric_cross_entropy():
    a, b = units(4), units(4, seed=1)
    terms = []
    for i in range(4):
        e = [[math.exp(float(a[j] @ b[k]) / 0.2) for k in range(4)] for j in range(4)]
        terms.append(-math.log(e[i][i] / sum(e[i])))
        terms.append(-math.log(e[i][i] / sum(row[i] for row in e)))
    assert float(info_nce(a, b, 0.2)) == pytest.approx(sum(terms) / 8, rel=1e-5)
    torch.testing.assert_close(info_nce(a, b, 0.2), info_nce(b, a, 0.2))


def mil_nce_by_hand(
    video: Tensor, texts: Tensor, positives: Tensor, ignored: Tensor, temperature: float
) -> float:
    """As loops over sets: each positive is in a denominator once."""
    e = (video @ texts.T / temperature).exp().tolist()
    losses = []
    for i in range(len(video)):
        mine = [n for n in range(len(texts)) if positives[i, n]]
        if not mine:
            continue
        right = sum(e[i][n] for n in mine)
        other_texts = sum(e[i][n] for n in range(len(texts)) if n not in mine and not ignored[i, n])
        other_videos = sum(
            e[k][n]
            for n in mine
            for k in range(len(video))
            if not positives[k, n] and not ignored[k, n]
        )
        losses.append(-math.log(right / (right + other_texts)) / 2)
        losses[-1] -= math.log(right / (right + other_videos)) / 2
    return sum(losses) / len(losses)


def neighbouring_captions() -> Tensor:
    """(5, 9) positives: bags of different size, a shared caption, a video and a text of none."""
    positives = torch.zeros(5, 9, dtype=torch.bool)
    for i, texts in enumerate([(0, 1, 2), (2, 3), (4,), (5, 6, 7), ()]):
        positives[i, list(texts)] = True
    return positives


def test_mil_nce_counts_each_positive_once():
    video, texts, positives = units(5), units(9, seed=1), neighbouring_captions()
    nothing = torch.zeros_like(positives)
    expected = mil_nce_by_hand(video, texts, positives, nothing, 0.2)
    assert float(mil_nce(video, texts, positives, 0.2)) == pytest.approx(expected, rel=1e-5)


def test_pairs_that_match_untold_are_no_negatives_of_mil_nce():
    video, texts, positives = units(5), units(9, seed=1), neighbouring_captions()
    ignored = torch.zeros_like(positives)
    ignored[0, 3] = ignored[2, 5] = ignored[4, 0] = True
    ignored[0, 0] = True  # of a positive it means nothing
    expected = mil_nce_by_hand(video, texts, positives, ignored, 0.2)
    loss = mil_nce(video, texts, positives, 0.2, ignored)
    assert float(loss) == pytest.approx(expected, rel=1e-5)
    assert loss < mil_nce(video, texts, positives, 0.2)


def test_mil_nce_of_one_positive_each_is_info_nce():
    a, b = units(6), units(6, seed=1)
    own = torch.eye(6, dtype=torch.bool)
    torch.testing.assert_close(mil_nce(a, b, own, 0.1), info_nce(a, b, 0.1))
    shuffled = torch.tensor([3, 1, 5, 0, 2, 4])
    moved = mil_nce(a, b[shuffled], own[:, shuffled], 0.1)
    torch.testing.assert_close(moved, info_nce(a, b, 0.1))


def test_mil_nce_asks_for_one_good_caption_not_for_all():
    video = units(2)
    texts = torch.cat([video, -video])  # of each video's two captions one is wholly wrong
    positives = torch.eye(2, dtype=torch.bool).repeat(1, 2)
    both = mil_nce(video, texts, positives, 0.05)
    assert both < info_nce(video, video, 0.05) + 0.01


@pytest.mark.parametrize("positives", [torch.ones(2, 2), torch.zeros(2, 2)])
def test_without_negatives_or_positives_mil_nce_is_zero_and_no_nan(positives: Tensor):
    video = units(2).requires_grad_()
    loss = mil_nce(video, units(2, seed=1), positives, 0.07)
    loss.backward()
    assert loss.item() == pytest.approx(0, abs=1e-6)
    assert video.grad is not None
    assert video.grad.isfinite().all()


def test_the_anchor_is_zero_at_step_0_and_grows_with_distance():
    before = units(6) @ units(7, seed=1).T
    assert float(anchor_kl(before, before)) == pytest.approx(0, abs=1e-6)
    near, far = (
        anchor_kl(before + s * torch.randn(6, 7, generator=seeded(3)), before) for s in (0.01, 0.1)
    )
    assert 0 < near < far


def test_the_anchor_is_kl_from_step_0():
    now, before = units(3) @ units(4, seed=1).T, units(3, seed=2) @ units(4, seed=3).T
    total = 0.0
    for row in range(3):
        p = (before[row] / 0.2).exp() / (before[row] / 0.2).exp().sum()
        q = (now[row] / 0.2).exp() / (now[row] / 0.2).exp().sum()
        total += float((p * (p / q).log()).sum())
    assert float(anchor_kl(now, before, 0.2)) == pytest.approx(total / 3, rel=1e-4)


def test_sentences_are_not_anchored_to_themselves():
    """A cosine of 1 with itself would hide every other sentence."""
    now, before = units(4), units(4, seed=1)
    rest = ~torch.eye(4, dtype=torch.bool)
    square = anchor_kl(now @ now.T, before @ before.T, 0.1, without_self=True)
    off = [(x @ x.T)[rest].view(4, 3) for x in (now, before)]
    torch.testing.assert_close(square, anchor_kl(*off, 0.1))


def test_no_gradient_moves_step_0():
    now, before = units(3).requires_grad_(), units(3, seed=1).requires_grad_()
    anchor_kl(now @ now.T, before @ before.T).backward()
    assert before.grad is None
    assert now.grad is not None


def test_a_temperature_can_be_learned_and_stays_positive():
    a = units(8)
    temperature = Temperature(start=0.5)
    assert temperature().item() == pytest.approx(0.5)
    optimiser = torch.optim.Adam(temperature.parameters(), lr=0.5)
    for _ in range(60):  # pairs that fit perfectly ask for ever lower temperatures
        optimiser.zero_grad()
        info_nce(a, a, temperature()).backward()
        optimiser.step()
    assert 0.01 < temperature().item() < 0.1


def test_losses_are_float32_whatever_autocast_does():
    a, b = units(64), units(64, seed=1)
    exact = info_nce(a, b), mil_nce(a, b, torch.eye(64)), feature_nce(a, b), anchor_kl(a, b)
    with torch.autocast("cpu", torch.bfloat16):
        mixed = info_nce(a, b), mil_nce(a, b, torch.eye(64)), feature_nce(a, b), anchor_kl(a, b)
    for one, other in zip(exact, mixed, strict=True):
        assert other.dtype == torch.float32
        torch.testing.assert_close(one, other)
    half = torch.randn(4, 10).bfloat16()
    assert masked_cross_entropy(half, torch.arange(4)).dtype == torch.float32
    assert alignment_loss(half[:, 0], torch.ones(4)).dtype == torch.float32


def test_losses_are_made_on_the_device_of_their_inputs():
    a, b = units(4).to("meta"), units(4).to("meta")
    own = torch.eye(4, device="meta")
    for loss in (info_nce(a, b), mil_nce(a, b, own), feature_nce(a, b), anchor_kl(a, b)):
        assert loss.device.type == "meta"
