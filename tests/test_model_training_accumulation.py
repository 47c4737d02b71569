"""Gradient caching: pieces give the gradients of the one big batch."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.objectives import info_nce
from model.training.accumulation import Losses, Outputs, accumulate
from model.training.objective import Anchor, Objective
from model.training.trainer import _anchor
from tests.tiny_student import tiny_student, world


class Towers(nn.Module):
    """Two small towers; `rows` may be of any number."""

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.video, self.text = nn.Linear(5, 4), nn.Linear(3, 4)
        self.drop = nn.Dropout(dropout)

    def encode(self, piece: tuple[Tensor, Tensor]) -> Outputs:
        video, text = (
            self.drop(net(x)) for net, x in zip((self.video, self.text), piece, strict=True)
        )
        return {"video": F.normalize(video, dim=-1), "text": F.normalize(text, dim=-1)}


def contrast(outputs: Outputs) -> Losses:
    return {"loss": info_nce(outputs["video"], outputs["text"])}


def inputs(rows: int = 12) -> tuple[Tensor, Tensor]:
    draw = torch.Generator().manual_seed(1)
    return torch.randn(rows, 5, generator=draw), torch.randn(rows, 3, generator=draw)


def cut(batch: tuple[Tensor, ...], *sizes: int) -> list[tuple[Tensor, ...]]:
    return list(zip(*(x.split(list(sizes)) for x in batch), strict=True))


def gradients(net: nn.Module) -> list[Tensor]:
    return [weight.grad.clone() for weight in net.parameters() if weight.grad is not None]


def test_pieces_have_the_gradients_of_the_big_batch():
    torch.manual_seed(0)
    net, batch = Towers(), inputs()
    contrast(net.encode(batch))["loss"].backward()
    expected = gradients(net)
    net.zero_grad()
    losses = accumulate(cut(batch, 5, 3, 4), net.encode, contrast)
    for found, true in zip(gradients(net), expected, strict=True):
        torch.testing.assert_close(found, true, atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(losses["loss"], contrast(net.encode(batch))["loss"].detach())


def test_it_is_not_the_mean_of_the_pieces_losses():
    """Which is what plain accumulation computes: each piece would only see its own negatives."""
    torch.manual_seed(0)
    net, batch = Towers(), inputs()
    accumulate(cut(batch, 6, 6), net.encode, contrast)
    cached = gradients(net)
    net.zero_grad()
    for piece in cut(batch, 6, 6):
        (contrast(net.encode(piece))["loss"] / 2).backward()
    assert any((a - b).abs().max() > 1e-3 for a, b in zip(cached, gradients(net), strict=True))


def test_gradients_are_added_to_those_that_are_there():
    """`zero_grad` inside of accumulation would throw away all but the last."""
    torch.manual_seed(0)
    net, batch = Towers(), inputs()
    accumulate(cut(batch, 6, 6), net.encode, contrast)
    once = gradients(net)
    accumulate(cut(batch, 4, 8), net.encode, contrast)
    for twice, one in zip(gradients(net), once, strict=True):
        torch.testing.assert_close(twice, 2 * one)


def test_the_second_pass_drops_out_the_same_units():
    """The gradients are those of the outputs that the loss was taken of."""
    torch.manual_seed(0)
    net, batch = Towers(dropout=0.5), inputs()
    pieces = cut(batch, 6, 6)
    torch.manual_seed(7)
    losses = accumulate(pieces, net.encode, contrast)
    cached = gradients(net)
    net.zero_grad()
    torch.manual_seed(7)
    parts = [net.encode(piece) for piece in pieces]
    whole = contrast({name: torch.cat([part[name] for part in parts]) for name in parts[0]})
    whole["loss"].backward()
    torch.testing.assert_close(losses["loss"], whole["loss"].detach())
    for found, true in zip(cached, gradients(net), strict=True):
        torch.testing.assert_close(found, true)


def test_random_numbers_go_on_as_after_one_pass():
    """A resumed run and another piece size draw the same numbers afterwards."""
    net, batch = Towers(dropout=0.5), inputs()
    draws = []
    for repeat in (False, True):
        torch.manual_seed(3)
        if repeat:
            accumulate(cut(batch, 6, 6), net.encode, contrast)
        else:
            for piece in cut(batch, 6, 6):
                net.encode(piece)
        draws.append(torch.rand(3))
    torch.testing.assert_close(*draws)


def test_a_frozen_tower_costs_nothing_and_gets_nothing():
    net, batch = Towers(), inputs()
    net.text.requires_grad_(False)
    accumulate(cut(batch, 6, 6), net.encode, contrast)
    assert net.video.weight.grad is not None
    assert net.text.weight.grad is None


def test_a_loss_on_which_no_weight_depends_is_refused():
    net, batch = Towers().requires_grad_(False), inputs()
    with pytest.raises(ValueError, match="no weight"):
        accumulate([batch], net.encode, contrast)


@pytest.mark.parametrize("size", [4, 7, 16])
def test_every_loss_of_videobert_has_the_gradients_of_the_big_batch(size: int):
    """MIL-NCE, mask completion over what was masked, alignment, anchor: all look across pieces."""
    student = tiny_student()
    with torch.no_grad():  # so that gate and trunk matter
        student.net.gate.normal_()
        student.net.visual_words.weight.normal_(std=0.1)
    batches = student.batches(world(6, 4), size=16, seed=1)
    anchor = _anchor(student, batches)
    moved = Anchor(anchor.videos.roll(1, 0), anchor.generic)  # else the anchor pulls at nothing
    objective = Objective(student, moved)
    step = batches.step(0)

    def run(piece: int) -> tuple[Losses, list[Tensor]]:
        student.net.zero_grad()
        objective.temperature.zero_grad()
        losses = accumulate(
            step.pieces(piece), objective.encode, lambda outputs: objective.losses(outputs, step)
        )
        return losses, [*gradients(student.net), *gradients(objective.temperature)]

    whole, expected = run(100)
    pieced, found = run(size)
    assert len(found) == len(expected) > 50
    assert all(float(value) > 0 for value in whole.values())
    for name, value in whole.items():
        torch.testing.assert_close(pieced[name], value, atol=1e-5, rtol=1e-5)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-4)
