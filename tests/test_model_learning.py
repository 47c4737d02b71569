"""A small network on a small world: each objective teaches what it should."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from model.masking import mask_batch
from model.negatives import alignment_pairs
from model.objectives import (
    Completion,
    Temperature,
    alignment_loss,
    anchor_kl,
    info_nce,
    mask_completion,
    mil_nce,
)
from model.sequence import Batch, Segment, assemble
from model.tokenizer import MASK
from model.videobert import VideoBert
from tests.test_model_masking import SMALL_PIECES, seeded
from tests.test_model_sequence import segment
from tests.test_model_videobert import small_videobert


def toy_videobert(visual_input: str = "feature") -> VideoBert:
    """With a trunk that attends from the start, as a pretrained one does."""
    net = small_videobert(visual_input=visual_input)
    with torch.no_grad():
        for name, parameter in net.encoder.named_parameters():
            if "dense.weight" in name or "self" in name:
                parameter.normal_(std=0.2)
    return net


def cooking() -> list[Segment]:
    """Six videos of one scene each, seen twice and named by two word pieces."""
    torch.manual_seed(0)
    segments, looks = [], 3 * torch.eye(6)
    for i in range(6):
        words = torch.tensor([i, i])
        whole = segment((1010 + 10 * i, 1011 + 10 * i), 2, video=str(i))
        segments.append(dataclasses.replace(whole, words=words, features=looks[words]))
    return segments


def train(net: VideoBert, loss: Callable[[], Tensor], steps: int) -> list[float]:
    optimiser = torch.optim.Adam(net.parameters(), lr=3e-3, fused=True)
    losses = []
    for _ in range(steps):
        optimiser.zero_grad()
        value = loss()
        value.backward()
        optimiser.step()
        losses.append(value.item())
    return losses


def completion(net: VideoBert, batch: Batch, generator: torch.Generator) -> Tensor:
    """The sum of its three losses, on a new mask at each call."""
    masked = mask_batch(batch, generator, pieces=SMALL_PIECES, rate=0.5)
    return torch.stack(mask_completion(net, masked)).sum()


@torch.no_grad()
def told(net: VideoBert, segments: list[Segment]) -> Completion:
    """The losses on a mask that no training saw."""
    masked = mask_batch(assemble(segments * 20), seeded(99), pieces=SMALL_PIECES)
    return mask_completion(net, masked)


@pytest.mark.parametrize("visual_input", ["feature", "word"])
def test_masked_words_become_predictable(visual_input: str):
    net, generator = toy_videobert(visual_input), seeded()
    batch = assemble(cooking() * 2)
    before = told(net, cooking())
    assert float(before.pieces) == pytest.approx(math.log(1100), rel=0.1)  # chance
    assert float(before.words) == pytest.approx(math.log(9), rel=0.1)
    train(net, lambda: completion(net, batch, generator), 150)
    after = told(net, cooking())
    assert after.pieces < 0.3 * before.pieces
    assert after.words < 0.3 * before.words
    assert after.features < 0.5 * before.features

    both_masked = assemble(cooking())
    both_masked.token_ids[:, 1:3] = MASK  # only what is seen can say what was said
    guesses = net.predict_pieces(net(both_masked).text_hidden[:, 1]).argmax(1)
    names = torch.tensor([s.pieces for s in cooking()])  # (6, 2)
    assert (guesses[:, None] == names).any(1).sum() >= 5


@pytest.mark.parametrize("modality", ["text_only", "video_only"])
def test_each_modality_can_be_completed_alone(modality: str):
    net, generator = toy_videobert(), seeded()
    segments = [getattr(s, modality)() for s in cooking()]
    batch = assemble(segments * 2)
    before = told(net, segments)
    train(net, lambda: completion(net, batch, generator), 60)
    after = told(net, segments)
    for loss, of_text in (("pieces", True), ("words", False), ("features", False)):
        if of_text == (modality == "text_only"):
            assert getattr(after, loss) < 0.8 * getattr(before, loss)
        else:
            assert getattr(after, loss) == getattr(before, loss) == 0


def test_alignment_becomes_predictable():
    """Pairs are drawn anew each step; accuracy is taken on draws that no step saw."""
    net, segments, generator = toy_videobert(), cooking() * 2, seeded()

    def logits(draw: torch.Generator) -> tuple[Tensor, Tensor]:
        pairs, labels = alignment_pairs(segments, draw)
        return net.predict_alignment(net(assemble(pairs)).cls), labels

    losses = train(net, lambda: alignment_loss(*logits(generator)), 120)
    assert losses[0] == pytest.approx(math.log(2), abs=0.05)
    right = [(x > 0) == labels.bool() for x, labels in (logits(seeded(s)) for s in range(70, 80))]
    assert torch.cat(right).float().mean() > 0.9


@pytest.mark.parametrize("loss", ["info_nce", "mil_nce"])
def test_text_comes_to_find_its_video(loss: str):
    net, segments = toy_videobert(), cooking()
    both, text = assemble(segments), assemble([s.text_only() for s in segments])
    own, temperature = torch.eye(6).bool(), Temperature()
    net.add_module("temperature", temperature)

    def towers() -> tuple[Tensor, Tensor]:
        video = net.encode_video(both.features, both.words, both.times, both.visual_mask)
        return video, net.encode_text(text.token_ids, text.text_mask)

    def contrast() -> Tensor:
        if loss == "info_nce":
            return info_nce(*towers(), temperature())
        return mil_nce(*towers(), own, temperature())

    losses = train(net, contrast, 40)
    assert losses[-1] < 0.2 * losses[0]
    video, texts = towers()
    assert (texts @ video.T).argmax(1).tolist() == list(range(6))


def test_the_anchor_pulls_back():
    net, text = toy_videobert(), assemble([s.text_only() for s in cooking()])

    def similarities() -> Tensor:
        vectors = net.encode_text(text.token_ids, text.text_mask)
        return vectors @ vectors.T

    step_0 = similarities().detach()
    with torch.no_grad():
        for parameter in net.encoder.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.2)
    losses = train(net, lambda: anchor_kl(similarities(), step_0, without_self=True), 40)
    assert losses[-1] < 0.3 * losses[0]


def test_training_is_the_same_for_the_same_seed():
    def run() -> Tensor:
        net, generator = toy_videobert(), seeded()
        batch = assemble(cooking())
        train(net, lambda: completion(net, batch, generator), 3)
        return net(batch).hidden

    assert torch.equal(run(), run())
