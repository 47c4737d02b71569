"""Distillation: a small text network learns the vectors that a large one gives.

The cosine to the teacher's vector (the squared error of Reimers & Gurevych 2020, arXiv 2004.09813,
for unit vectors), and the similarities inside a batch (Tung & Mori 2019, arXiv 1907.09682).
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR

POOL = 64
"""Batches whose sentences are sorted by length together: little padding, and still much chance."""
EVALUATION_BATCH = 256
LARGEST_GRADIENT = 1.0
"""Longer gradients are shortened to this norm: a recurrent network's can explode."""

Batch = tuple[Tensor, Tensor, Tensor]
"""Token ids (B, T) int64, mask (B, T) int64, the teacher's vectors (B, D) float32."""


@dataclass(frozen=True)
class Lessons:
    """N sentences and the vectors that the teacher gives them."""

    token_ids: Sequence[Sequence[int]]
    vectors: NDArray[np.floating]  # (N, D), unit length; float16 saves memory

    def __len__(self) -> int:
        return len(self.token_ids)

    def batches(self, size: int, draw: np.random.Generator) -> Iterator[Batch]:
        """Every sentence once, in random batches of `size` sentences of similar length."""
        lengths = np.array([len(sentence) for sentence in self.token_ids])
        order = draw.permutation(len(self))
        pools = [order[i : i + size * POOL] for i in range(0, len(order), size * POOL)]
        by_length = [pool[np.argsort(lengths[pool], kind="stable")] for pool in pools]
        batches = [pool[i : i + size] for pool in by_length for i in range(0, len(pool), size)]
        yield from (self._batch(batches[i]) for i in draw.permutation(len(batches)))

    def _batch(self, rows: NDArray[np.int64]) -> Batch:
        sentences = [self.token_ids[row] for row in rows]
        token_ids = np.zeros((len(rows), max(map(len, sentences))), np.int64)
        mask = np.zeros_like(token_ids)
        for i, sentence in enumerate(sentences):
            token_ids[i, : len(sentence)] = sentence
            mask[i, : len(sentence)] = 1
        vectors = torch.from_numpy(self.vectors[rows].astype(np.float32))
        return torch.from_numpy(token_ids), torch.from_numpy(mask), vectors


@dataclass(frozen=True)
class DistillationConfig:
    """AdamW (Loshchilov & Hutter 2019), a short warm-up, then a cosine down to zero."""

    epochs: int = 4
    batch: int = 256
    learning_rate: float = 4e-3
    weight_decay: float = 1e-2
    warm_up: float = 0.05  # of all steps
    similarity: float = 0.3  # weight of the similarities inside a batch; 0 is the cosine alone
    patience: int = 2  # epochs without a better held-out cosine
    seed: int = 1


@dataclass(frozen=True)
class Progress:
    """Where a distillation stands."""

    step: int
    steps: int
    loss: float
    cosine: float | None = None
    """Mean cosine to the teacher on the held-out part, at the end of an epoch."""


Report = Callable[[Progress], None]


def distil(
    net: nn.Module,
    lessons: Lessons,
    held_out: Lessons,
    config: DistillationConfig = DistillationConfig(),
    report: Report = lambda progress: None,
) -> float:
    """Teach `net` (token ids, mask -> unit vectors); returns its mean held-out cosine.

    `net` is left with the weights of its best epoch. The same `net` and the same seed give the same
    weights on the same machine. `report` is called after every step and every epoch.
    """
    course = _Course(net, lessons, config, report)
    best, best_epoch, weights = -2.0, 0, net.state_dict()
    for epoch in range(config.epochs):
        loss = course.epoch()
        cosine = mean_cosine(net, held_out)
        report(Progress(course.step, course.steps, loss, cosine))
        if cosine > best:
            best, best_epoch, weights = cosine, epoch, copy.deepcopy(net.state_dict())
        elif epoch - best_epoch >= config.patience:
            break
    net.load_state_dict(weights)
    return best


def distillation_loss(vectors: Tensor, teacher: Tensor, similarity: float) -> Tensor:
    """Mean of 1 - cosine, plus `similarity` x the mean squared error of the B x B cosines.

    Both are (B, D) of unit length; a scalar. The squared errors are summed over each sentence's
    neighbours, or they would fade beside the first part in a large batch.
    """
    loss = 1.0 - (vectors * teacher).sum(1).mean()
    if similarity:
        error = vectors @ vectors.T - teacher @ teacher.T  # (B, B)
        loss = loss + similarity * error.square().mean()
    return loss


@torch.inference_mode()
def mean_cosine(net: nn.Module, lessons: Lessons) -> float:
    """How well `net` agrees with the teacher; 1 is perfectly."""
    net.eval()
    total = 0.0
    for token_ids, mask, vectors in lessons.batches(EVALUATION_BATCH, np.random.default_rng(0)):
        total += float((net(token_ids, mask) * vectors).sum())
    return total / len(lessons)


class _Course:
    """The optimiser and its schedule over all epochs."""

    def __init__(
        self, net: nn.Module, lessons: Lessons, config: DistillationConfig, report: Report
    ) -> None:
        self.step = 0
        self.steps = config.epochs * math.ceil(len(lessons) / config.batch)
        self._net, self._lessons, self._config, self._report = net, lessons, config, report
        self._draw = np.random.default_rng(config.seed)
        self._optimizer = torch.optim.AdamW(
            net.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay, fused=True
        )
        factor = partial(_rate, self.steps, config.warm_up)
        self._schedule = LambdaLR(self._optimizer, factor)

    def epoch(self) -> float:
        """Every sentence once; returns the mean loss of the batches."""
        self._net.train()
        losses = []
        for batch in self._lessons.batches(self._config.batch, self._draw):
            losses.append(self._learn(*batch))
            self.step += 1
            self._report(Progress(self.step, self.steps, losses[-1]))
        return sum(losses) / len(losses)

    def _learn(self, token_ids: Tensor, mask: Tensor, teacher: Tensor) -> float:
        self._optimizer.zero_grad()
        loss = distillation_loss(self._net(token_ids, mask), teacher, self._config.similarity)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._net.parameters(), LARGEST_GRADIENT)
        self._optimizer.step()
        self._schedule.step()
        return loss.item()


def _rate(steps: int, warm_up: float, step: int) -> float:
    """Factor of the learning rate at `step`: a line up, then half a cosine down."""
    rising = max(1, round(steps * warm_up))
    if step < rising:
        return (step + 1) / rising
    return 0.5 + 0.5 * math.cos(math.pi * (step - rising) / max(1, steps - rising))
