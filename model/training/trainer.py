"""A whole training run: pairs -> split -> plan -> loop -> candidate -> gate."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from model.classes import imagenet_classes
from model.training.batches import Batches
from model.training.gate import GateDecision, judge
from model.training.loop import Fitted, LoopConfig, fit
from model.training.metrics import Score, measure
from model.training.objective import Anchor, LossWeights, Objective
from model.training.pairs import TrainingPair, fingerprint
from model.training.plan import Scope, TrainingPlan, plan_training
from model.training.probe import ClassProbe
from model.training.refit import Refit, refit_bridge
from model.training.run_folder import RunFolder, Say
from model.training.split import Split, split_by_video
from model.training.state import require_same_run
from model.training.student import Student, Towers

PIECE_CPU, PIECE_CUDA = 16, 128
MEASURED_AT_ONCE = 32
ENOUGH, MOST_ROUNDS = 500, 10
"""Pairs from which on one round over them measures well enough, and rounds over fewer."""


@dataclass(frozen=True)
class TrainSettings:
    """What the user chose."""

    device: str = "cpu"
    """"cpu" or "cuda"."""
    steps: int | None = None
    """None leaves it to the plan."""
    seed: int = 1
    resume: bool = False
    """Go on with the run in the same folder."""


@dataclass(frozen=True)
class Prepared:
    """What would be trained, before anything is."""

    split: Split
    plan: TrainingPlan


@dataclass(frozen=True)
class Outcome:
    """What became of a run. Without training there are neither figures nor a decision."""

    plan: TrainingPlan
    refit: Refit | None = None
    """The closed form that came first."""
    fitted: Fitted | None = None
    before: dict[str, Score] = field(default_factory=dict)
    after: dict[str, Score] = field(default_factory=dict)
    """Masked word pieces and visual words, and alignment, on the videos kept apart."""
    decision: GateDecision | None = None
    candidate: Path | None = None
    """Folder of the new checkpoint, whether accepted or not."""


def prepare(pairs: Sequence[TrainingPair], settings: TrainSettings) -> Prepared:
    """Split the pairs by video, and decide how much those trained on are worth."""
    split = split_by_video(pairs, seed=settings.seed)
    gpu = settings.device == "cuda"
    return Prepared(split, plan_training(len(pairs), gpu=gpu, steps=settings.steps))


def train(
    student: Student,
    current: Towers,
    pairs: Sequence[TrainingPair],
    folder: Path,
    settings: TrainSettings,
    *,
    save: Callable[[Student, Path], None],
    reopen: Callable[[Path], Towers],
    say: Say = lambda line: None,
) -> Outcome:
    """Train `student` on `pairs`; everything that is to be kept of it lies in `folder`.

    `current` is the model in use, `save` writes a checkpoint and `reopen` reads it as search will,
    so that the gate judges what would be used, rounding included. Raises TrainingFailed.
    """
    prepared = prepare(pairs, settings)
    split, plan = prepared.split, prepared.plan
    if plan.scope is Scope.NOTHING:
        return Outcome(plan)
    torch.manual_seed(settings.seed)
    student.to(settings.device)
    run = RunFolder(folder, say)
    piece = PIECE_CUDA if settings.device == "cuda" else PIECE_CPU
    config = LoopConfig(plan.scope, plan.steps, piece=piece)
    described = _described(prepared, config, settings, pairs, student)
    identity = json.dumps(described, sort_keys=True)
    if settings.resume:  # before anything in the folder is written over
        require_same_run(run.state, identity)
    else:
        run.write("config.json", described)
    before = _measured(student, split.held_out)
    probe = _probe(student, split.train)
    refit = _refit(student, split.train, settings.seed, run)
    batches = student.batches(split.train, size=plan.batch, seed=settings.seed)
    objective = Objective(student, _anchor(student, batches), precision=_precision(settings))
    fitted = fit(
        objective, batches, lambda: probe(student), config, run, identity, resume=settings.resume
    )
    run.finish()
    if fitted.interrupted:
        return Outcome(plan, refit, fitted, before)
    after = _measured(student, split.held_out)
    candidate = folder / "candidate"
    save(student, candidate)
    decision = judge(
        current,
        reopen(candidate),
        split.held_out,
        probe,
        alignment=(before.get("alignment"), after.get("alignment")),
        seed=settings.seed,
    )
    run.write("decision.json", decision.to_json())
    return Outcome(plan, refit, fitted, before, after, decision, candidate)


def _refit(
    student: Student, pairs: Sequence[TrainingPair], seed: int, run: RunFolder
) -> Refit | None:
    refit = refit_bridge(student, pairs, seed=seed)
    if refit is not None:
        run.write("bridge.json", asdict(refit))
        run.say(str(refit))
    return refit


def _anchor(student: Student, batches: Batches) -> Anchor:
    """Where step 0 puts the videos and the sentences of general knowledge."""
    videos = student.encode_clips([s.features.float().numpy() for s in batches.bags.segments])
    generic = student.encode_text([one.sentence for one in imagenet_classes()])
    return Anchor(torch.from_numpy(videos), torch.from_numpy(generic))


def _probe(student: Student, pairs: Sequence[TrainingPair]) -> ClassProbe:
    """The classes of the CNN's classifier, as tokens like those of these pairs."""
    tokens = np.concatenate([pair.tokens for pair in pairs])
    return ClassProbe.among(student.net.class_weight.float().cpu().numpy(), tokens)


def _measured(student: Student, pairs: Sequence[TrainingPair]) -> dict[str, Score]:
    """Mask completion and alignment on pairs that are not trained on."""
    batches = student.batches(pairs, size=MEASURED_AT_ONCE, seed=0)
    rounds = min(MOST_ROUNDS, -(-ENOUGH // max(len(pairs), 1)))  # each masks something else
    return measure(student, batches, -(-rounds * len(batches.bags) // max(batches.size, 1)))


def _precision(settings: TrainSettings) -> torch.dtype:
    """16-bit floats on CUDA, of the kind that the card is good at; on a CPU they are slower."""
    if settings.device != "cuda":
        return torch.float32
    return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16


def _described(
    prepared: Prepared,
    config: LoopConfig,
    settings: TrainSettings,
    pairs: Sequence[TrainingPair],
    student: Student,
) -> dict[str, Any]:
    """For config.json: what a run that goes on has to have in common with this one."""
    split = prepared.split
    return {
        "plan": {**asdict(prepared.plan), "scope": prepared.plan.scope.value},
        "loop": {**asdict(config), "scope": config.scope.value},
        "losses": asdict(LossWeights()),
        "device": settings.device,
        "seed": settings.seed,
        "pairs": {"train": len(split.train), "held_out": len(split.held_out)},
        "videos": dict(zip(("train", "held_out"), split.videos, strict=True)),
        "data": fingerprint(pairs),
        "weights": student.fingerprint,
    }
