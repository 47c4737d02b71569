"""What `videobert train --teacher` says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.report import Failure

if TYPE_CHECKING:
    from model.training.teaching import Taught


@dataclass
class TeachingReport:
    """What was found, what was taught, and what the gate said."""

    teacher: str
    videos: int
    narrated: int
    pairs: int
    chosen: int
    """Videos that the teacher looks at."""
    why: str = ""
    """What would be done, or why nothing was."""
    failed: list[Failure] = field(default_factory=list)
    run: Path | None = None
    taught: Taught | None = None
    model: Path | None = None
    """The new model, when it was accepted."""

    @property
    def ok(self) -> bool:
        """Whether it came to its end; that there was too little to learn from is one."""
        return not self.failed

    def to_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "teacher": self.teacher,
            "videos": self.videos,
            "narrated": self.narrated,
            "pairs": self.pairs,
            "chosen": self.chosen,
            "why": self.why,
            "failed": [vars(failure) for failure in self.failed],
            "run": str(self.run) if self.run else None,
            "taught": self.taught.to_json() if self.taught else None,
            "decision": self.taught.decision.to_json() if self.taught else None,
            "model": str(self.model) if self.model else None,
        }

    def summary(self) -> str:
        """A few lines for a terminal."""
        lines = [
            f"{self.chosen} of {self.videos} videos for {self.teacher} to look at; "
            f"{self.narrated} are narrated, {self.pairs} pairs of sentence and video."
        ]
        lines += [self.why] if self.why else []
        lines += [f"  failed   {failure.message}" for failure in self.failed]
        if self.taught is not None:
            lines += _told(self.taught)
        if self.model is not None:
            lines.append(f"The new model is {self.model}. Run `videobert rebuild` to use it.")
        elif self.run is not None:
            lines.append(f"The current model stays. What was made is in {self.run}.")
        return "\n".join(lines)


def _told(taught: Taught) -> list[str]:
    judges = {
        "narration": "what is said in them",
        "teacher": "what the teacher says of them, for too little is said in them",
    }
    return [
        f"Taught on {taught.videos} videos, {taught.tokens} tokens of 1.5 s, by {taught.sentences} "
        f"sentences. It agrees with its teacher by {taught.agreement:.2f}; 1 would be fully.",
        f"The videos kept apart are searched for {judges[taught.judged_by]}.",
        str(taught.decision),
    ]
