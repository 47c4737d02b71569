"""A big batch in small pieces, with the gradients of the big batch.

Contrastive losses compare all of a batch, so the mean over pieces is another loss. Gradient
caching (Gao et al. 2021, arXiv 2101.06983, section 3) runs every piece without a graph, takes the
loss and its gradient to the outputs over the whole batch, and then runs every piece again with a
graph to carry those gradients on into the weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import torch
from torch import Tensor

Outputs = dict[str, Tensor]
"""What a piece contributes to the loss: tensors of any number of rows, joined along them."""
Losses = dict[str, Tensor]
"""Scalars; the one called `loss` is what is minimised."""
Piece = TypeVar("Piece")


def accumulate(
    pieces: Sequence[Piece],
    encode: Callable[[Piece], Outputs],
    loss: Callable[[Outputs], Losses],
    scale: Callable[[Tensor], Tensor] = lambda total: total,
) -> Losses:
    """Add the gradients of `loss` over all `pieces` to those that the weights have.

    `encode` is called once for a single piece and else twice for each, with the same random
    numbers. `loss` gets the outputs of all pieces, joined, in their order; it may use weights of
    its own. Gradients are never zeroed here: that is for who steps the optimiser. `scale`
    multiplies the loss for 16-bit floats. Returns the losses without their graphs.
    """
    if len(pieces) == 1:
        losses = loss(encode(pieces[0]))
        _backward(scale(losses["loss"]))
        return _detached(losses)
    states, parts = _first_pass(pieces, encode)
    joined = {name: torch.cat([part[name] for part in parts]) for name in parts[0]}
    leaves = {
        name: x.requires_grad_() if x.is_floating_point() else x for name, x in joined.items()
    }
    losses = loss(leaves)
    _backward(scale(losses["loss"]))
    offsets = dict.fromkeys(leaves, 0)
    for piece, state, part in zip(pieces, states, parts, strict=True):
        rows = {name: slice(offsets[name], offsets[name] + len(part[name])) for name in leaves}
        offsets = {name: taken.stop for name, taken in rows.items()}
        gradients = {n: leaf.grad[rows[n]] for n, leaf in leaves.items() if leaf.grad is not None}
        with _random_numbers(state):
            _carry_on(encode(piece), gradients)
    return _detached(losses)


def _first_pass(
    pieces: Sequence[Piece], encode: Callable[[Piece], Outputs]
) -> tuple[list[list[Tensor]], list[Outputs]]:
    """Every piece without a graph, and the random number generators before each."""
    states, parts = [], []
    with torch.no_grad():
        for piece in pieces:
            states.append(_random_state())
            parts.append(encode(piece))
    return states, parts


def _carry_on(outputs: Outputs, gradients: dict[str, Tensor]) -> None:
    """From the outputs into the weights; frozen networks have nothing to carry on to."""
    moving = [n for n, gradient in gradients.items() if outputs[n].requires_grad and len(gradient)]
    if moving:
        torch.autograd.backward(
            [outputs[name] for name in moving],
            [gradients[name].to(outputs[name].dtype) for name in moving],
        )


def _backward(total: Tensor) -> None:
    if not total.requires_grad:
        raise ValueError("the loss depends on no weight that is trained")
    total.backward()  # type: ignore[no-untyped-call]


def _detached(losses: Losses) -> Losses:
    return {name: value.detach() for name, value in losses.items()}


def _random_state() -> list[Tensor]:
    """Of the CPU, then of each CUDA device that is in use."""
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    return [torch.get_rng_state(), *cuda]


@contextmanager
def _random_numbers(state: list[Tensor]) -> Iterator[None]:
    """The random numbers that came after `state`; afterwards those that would have come now."""
    devices = range(len(state) - 1)
    with torch.random.fork_rng(devices):
        torch.set_rng_state(state[0])
        for device, one in zip(devices, state[1:], strict=True):
            torch.cuda.set_rng_state(one, device)
        yield
