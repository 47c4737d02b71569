"""A model that was accepted, but whose library was busy: it waits in its run's folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import LibraryMismatch
from indexer.own_model import current_checkpoint, install
from indexer.run_origin import RunOrigin
from indexer.store.paths import LibraryPaths

CANDIDATE, DECISION = "candidate", "decision.json"


@dataclass(frozen=True)
class Installation:
    """A model that waited, in its place."""

    run: Path
    model: Path

    @property
    def ok(self) -> bool:
        return True

    def to_json(self) -> dict[str, Any]:
        return {"ok": self.ok, "run": str(self.run), "model": str(self.model)}

    def summary(self) -> str:
        """A few lines for a terminal."""
        return (
            f"The model of {self.run} had been accepted.\n"
            f"The new model is {self.model}. Run `videobert rebuild` to use it."
        )


def is_waiting(run: Path) -> bool:
    """Whether the run's model was accepted, and is still in the run's folder."""
    return (run / CANDIDATE).is_dir() and was_accepted(run) is True


def was_accepted(run: Path) -> bool | None:
    """What the gate said of the run's model; None before it has said anything."""
    try:
        return bool(json.loads((run / DECISION).read_text("utf-8"))["accepted"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def install_waiting(root: Path, run: Path) -> Installation:
    """Put the model of `run` in its place: neither trained nor judged again.

    Raises LibraryMismatch when the library has another model now than the one that it was better
    than, LibraryBusy, and ModelError.
    """
    origin, current = RunOrigin.read(run), current_checkpoint(root).fingerprint
    if origin is None or origin.model != current:
        raise LibraryMismatch(
            f"{run}: its model was compared with another one than {current}, which the library "
            "uses now. Start a new run without --resume."
        )
    return Installation(run, install(LibraryPaths(root), run / CANDIDATE))
