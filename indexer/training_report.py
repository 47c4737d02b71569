"""What a training run says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.report import Failure

if TYPE_CHECKING:
    from model.training.trainer import Outcome

NAMES = {
    "pieces": "masked word pieces",
    "words": "masked visual words",
    "alignment": "alignment",
}


@dataclass
class TrainingReport:
    """What was found, what was trained, and what the gate said."""

    videos: int
    narrated: int
    pairs: int
    held_out: int
    scope: str
    steps: int
    why: str
    failed: list[Failure] = field(default_factory=list)
    run: Path | None = None
    interrupted: bool = False
    outcome: Outcome | None = None
    model: Path | None = None
    """The new model, when it was accepted."""

    @property
    def ok(self) -> bool:
        """Whether it came to its end; that nothing was worth training is one."""
        return not self.interrupted and not self.failed

    def to_json(self) -> dict[str, Any]:
        outcome = self.outcome
        decision = outcome.decision if outcome else None
        return {
            "ok": self.ok,
            "videos": self.videos,
            "narrated": self.narrated,
            "pairs": self.pairs,
            "held_out": self.held_out,
            "scope": self.scope,
            "steps": self.steps,
            "why": self.why,
            "failed": [vars(failure) for failure in self.failed],
            "run": str(self.run) if self.run else None,
            "interrupted": self.interrupted,
            "bridge": vars(outcome.refit) if outcome and outcome.refit else None,
            "before": _figures(outcome.before) if outcome else {},
            "after": _figures(outcome.after) if outcome else {},
            "decision": decision.to_json() if decision else None,
            "model": str(self.model) if self.model else None,
        }

    def summary(self) -> str:
        """A few lines for a terminal."""
        lines = [
            f"{self.narrated} of {self.videos} videos are narrated: {self.pairs} pairs of sentence "
            f"and video, {self.held_out} of them kept apart.",
            self.why,
        ]
        lines += [f"  failed   {failure.message}" for failure in self.failed]
        if self.outcome is not None:
            lines += [str(self.outcome.refit)] if self.outcome.refit else []
            lines += _table(self.outcome)
        if self.interrupted:
            lines.append(f"Interrupted. Go on with: videobert train --resume {self.run}")
        if self.outcome is not None and self.outcome.decision is not None:
            lines.append(str(self.outcome.decision))
        if self.model is not None:
            lines.append(f"The new model is {self.model}. Run `videobert rebuild` to use it.")
        elif self.run is not None and not self.interrupted:
            lines.append(f"The current model stays. What was made is in {self.run}.")
        return "\n".join(lines)


def _figures(scores: dict[str, Any]) -> dict[str, Any]:
    return {name: score.to_json() for name, score in scores.items()}


def _table(outcome: Outcome) -> list[str]:
    """Accuracy and F1 of what was told on the videos kept apart, beside guessing."""
    lines = []
    if outcome.after:
        lines.append("On videos kept apart     accuracy (F1): trained, before; majority, uniform")
    for name, score in outcome.after.items():
        before = outcome.before[name]
        lines.append(
            f"  {NAMES[name]:22} {score.accuracy:.3f} ({score.f1:.3f}), "
            f"{before.accuracy:.3f} ({before.f1:.3f}); "
            f"{score.majority_accuracy:.3f} ({score.majority_f1:.3f}), "
            f"{score.uniform_accuracy:.5f} ({score.uniform_f1:.5f})   of {score.count}"
        )
    return lines
