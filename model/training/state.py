"""Where a training run stands, on disk: enough to go on as if nothing had happened."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn

from model.errors import CheckpointError

FORMAT = 1


@dataclass
class TrainingState:
    """All that changes while training, but the random draws of batches, which the step tells."""

    weights: nn.Module
    """Network and temperature."""
    optimizer: torch.optim.Optimizer
    scaler: torch.amp.GradScaler
    step: int = 0
    """Steps that are done."""
    probes: list[float] = field(default_factory=list)
    """The probe's values so far, the one before the first step first."""
    kept: dict[str, Any] | None = None
    """Weights at the last probe that was good enough."""

    def save(self, path: Path, identity: str) -> None:
        """Write whole or not at all. `identity` names data, network and settings."""
        content = {
            "format": FORMAT,
            "identity": identity,
            "step": self.step,
            "probes": self.probes,
            "kept": self.kept,
            "weights": self.weights.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.scaler.state_dict(),
            "random": torch.get_rng_state(),
            "random_cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        }
        temporary = path.with_name(f".{path.name}.tmp")
        with temporary.open("wb") as file:
            torch.save(content, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)

    def load(self, path: Path, identity: str) -> None:
        """Go on where `save` was called. Raises CheckpointError when that was another run."""
        content = _read_same(path, identity)
        self.step, self.probes, self.kept = content["step"], content["probes"], content["kept"]
        self.weights.load_state_dict(content["weights"])
        self.optimizer.load_state_dict(content["optimizer"])
        self.scaler.load_state_dict(content["scaler"])
        torch.set_rng_state(content["random"])
        if content["random_cuda"] and torch.cuda.is_available():
            torch.cuda.set_rng_state_all(content["random_cuda"])


def require_same_run(path: Path, identity: str) -> None:
    """Raises CheckpointError unless `TrainingState.load` would go on with what lies there."""
    _read_same(path, identity)


def _read_same(path: Path, identity: str) -> dict[str, Any]:
    content = _read(path)
    if content["identity"] != identity:
        raise CheckpointError(
            f"{path}: this run was of other videos, sentences or settings, or of another "
            "model: something has changed since. Start a new one without --resume."
        )
    return content


def _read(path: Path) -> dict[str, Any]:
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        found = content["format"]
    except FileNotFoundError as error:
        raise CheckpointError(
            f"{path}: this run cannot be gone on with, it saved no state. Start a new one."
        ) from error
    except Exception as error:  # torch raises whatever the bytes lead it to
        raise CheckpointError(f"{path}: not readable ({error}). Start a new run.") from error
    if found != FORMAT:
        raise CheckpointError(
            f"{path}: format {found}, this version reads {FORMAT}. Start a new run."
        )
    return dict(content)
