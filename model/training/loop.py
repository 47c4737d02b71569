"""The training loop. It knows no library, and the CNN never runs in it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from model.errors import TrainingFailed
from model.interrupts import deferred_interrupts
from model.training.accumulation import Losses, accumulate
from model.training.batches import Batches
from model.training.objective import Objective
from model.training.optimiser import Rates, make_optimizer, moving, set_rates
from model.training.plan import Scope
from model.training.run_folder import RunFolder, progress_line
from model.training.state import TrainingState


@dataclass(frozen=True)
class LoopConfig:
    """How it is trained; what, and for how long, is the plan's business."""

    scope: Scope
    steps: int
    piece: int = 16
    """Pairs that go through the network at once; the gradients are those of the whole batch."""
    rates: Rates = field(default_factory=Rates)
    warm_up: float = 0.1
    """Share of the steps in which the rates rise; then they fall to zero, both in a line."""
    weight_decay: float = 0.01
    longest_gradient: float = 1.0
    say_every: int = 5
    probe_every: int = 10
    tolerance: float = 0.01
    """How far the probe may fall below its best."""
    patience: int = 3
    """Probes in a row below that before it ends."""
    save_every_s: float = 300.0


@dataclass(frozen=True)
class Fitted:
    """How a run ended."""

    steps: int
    """Steps that were made."""
    kept_step: int
    """The step whose weights the network has now."""
    probes: tuple[float, ...]
    """Before the first step, and at every look since."""
    interrupted: bool = False
    stopped_early: bool = False


def fit(
    objective: Objective,
    batches: Batches,
    probe: Callable[[], float],
    config: LoopConfig,
    run: RunFolder,
    identity: str,
    *,
    resume: bool = False,
) -> Fitted:
    """Train in place; the network is left as it was at the last probe that was good enough.

    Ctrl-C ends it after the step at hand, with a state to go on from. Raises TrainingFailed,
    naming the step, when a loss or a gradient is not finite.
    """
    state = _new_state(objective, config)
    if resume:
        state.load(run.state, identity)
    run.begin(state.step if resume else None)
    objective.student.net.train()
    loop = _Loop(state, objective, batches, probe, config, run)
    saved = time.monotonic()
    with deferred_interrupts() as interrupts:
        loop.start()
        while not (interrupts.pending or loop.finished):
            loop.advance()
            if time.monotonic() - saved > config.save_every_s:
                state.save(run.state, identity)
                saved = time.monotonic()
        state.save(run.state, identity)
    return loop.end(interrupted=not loop.finished)


def _new_state(objective: Objective, config: LoopConfig) -> TrainingState:
    student = objective.student
    optimizer = make_optimizer(
        student.net, objective.temperature, config.scope, config.rates, config.weight_decay
    )
    scaled = objective.precision is torch.float16
    scaler = torch.amp.GradScaler(student.device.type, enabled=scaled)
    weights = nn.ModuleDict({"net": student.net, "temperature": objective.temperature})
    return TrainingState(weights, optimizer, scaler)


class _Loop:
    """One run, step by step."""

    def __init__(
        self,
        state: TrainingState,
        objective: Objective,
        batches: Batches,
        probe: Callable[[], float],
        config: LoopConfig,
        run: RunFolder,
    ) -> None:
        self._state, self._objective, self._batches = state, objective, batches
        self._probe, self._config, self._run = probe, config, run
        self._weights = moving(state.optimizer)
        self._first, self._started = state.step, time.monotonic()
        self._ahead = ThreadPoolExecutor(1, "batches")  # the next is made while this one is learnt
        self._next = self._ahead.submit(batches.step, state.step)

    @property
    def finished(self) -> bool:
        return self._state.step >= self._config.steps or self._exhausted

    @property
    def _exhausted(self) -> bool:
        """Whether the probe has been too low for too long."""
        probes, config = self._state.probes, self._config
        last = probes[1:][-config.patience :]
        return len(last) == config.patience and max(last) < max(probes) - config.tolerance

    def start(self) -> None:
        """Look at the probe before anything has moved, unless that was done before."""
        if not self._state.probes:
            self._run.log(0, {"probe": self._look()})

    def advance(self) -> None:
        """One step: batch, losses, gradients, weights; then the figures."""
        state, config = self._state, self._config
        began = time.monotonic()
        batch = self._next.result()
        self._next = self._ahead.submit(self._batches.step, state.step + 1)
        factor = set_rates(state.optimizer, state.step, config.steps, config.warm_up)
        state.optimizer.zero_grad()
        losses = accumulate(
            batch.pieces(config.piece),
            self._objective.encode,
            lambda outputs: self._objective.losses(outputs, batch),
            state.scaler.scale,
        )
        norm = self._step(losses)
        state.step += 1
        figures = {name: float(value) for name, value in losses.items()}
        figures["temperature"] = float(self._objective.temperature().detach())
        figures |= {"gradient_norm": norm, "rate": factor}
        figures["pairs_per_s"] = len(batch.video_rows) / (time.monotonic() - began)
        if state.step % config.probe_every == 0 or state.step == config.steps:
            figures["probe"] = self._look()
        self._report(figures)

    def end(self, *, interrupted: bool) -> Fitted:
        """Give the network the weights that it is to keep."""
        self._ahead.shutdown(cancel_futures=True)
        state = self._state
        stopped = self._exhausted and state.step < self._config.steps
        kept = state.step if interrupted else self._restore()
        return Fitted(state.step, kept, tuple(state.probes), interrupted, stopped)

    def _step(self, losses: Losses) -> float:
        """Move the weights; returns the length of the gradient before it was cut."""
        scaler, optimizer = self._state.scaler, self._state.optimizer
        self._require_finite(losses)
        scaler.unscale_(optimizer)
        norm = nn.utils.clip_grad_norm_(self._weights, self._config.longest_gradient)
        if not scaler.is_enabled():  # else it skips the step and scales by less
            self._require_finite({**losses, "gradient": norm})
        scaler.step(optimizer)
        scaler.update()
        return float(norm)

    def _require_finite(self, values: dict[str, Tensor]) -> None:
        wrong = [f"{name} is {float(x)}" for name, x in values.items() if not math.isfinite(x)]
        if wrong:
            raise TrainingFailed(
                f"{self._run.folder}: at step {self._state.step + 1} {', '.join(wrong)}. Nothing "
                "was changed. Look at its metrics.csv, and report it with the data that it needs."
            )

    def _look(self) -> float:
        """Ask the probe, and keep the weights when it has not fallen too far."""
        value, state = self._probe(), self._state
        state.probes.append(value)
        if value >= max(state.probes) - self._config.tolerance:
            state.kept = {"step": state.step, "weights": self._copies()}
        return value

    def _copies(self) -> list[Tensor]:
        return [weight.detach().cpu().clone() for weight in self._weights]

    def _restore(self) -> int:
        """Back to the weights at the last good look; returns its step."""
        kept: dict[str, Any] = self._state.kept or {}
        with torch.no_grad():
            for weight, copy in zip(self._weights, kept["weights"], strict=True):
                weight.copy_(copy)
        return int(kept["step"])

    def _report(self, figures: dict[str, float]) -> None:
        step, steps = self._state.step, self._config.steps
        self._run.log(step, figures)
        if step % self._config.say_every == 0 or step == steps or "probe" in figures:
            elapsed, done = time.monotonic() - self._started, step - self._first
            self._run.say(progress_line(step, steps, figures, elapsed, done))
