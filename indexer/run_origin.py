"""What a training run started from: a model, and videos."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ORIGIN = "origin.json"


@dataclass(frozen=True)
class RunOrigin:
    """Noted in the run's folder before anything is learnt."""

    model: str
    """Fingerprint of the model that is to be bettered."""
    videos: frozenset[str]
    """Content hashes of those that are learnt from, or judged by."""

    @classmethod
    def of(cls, model: str, videos: Iterable[str]) -> RunOrigin:
        return cls(model, frozenset(videos))

    def write(self, run: Path) -> None:
        """Makes the folder."""
        run.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"model": self.model, "videos": sorted(self.videos)}, indent=2)
        (run / ORIGIN).write_text(text + "\n", "utf-8")

    @classmethod
    def read(cls, run: Path) -> RunOrigin | None:
        """None where it says nothing that can be understood."""
        try:
            values = json.loads((run / ORIGIN).read_text("utf-8"))
            return cls.of(str(values["model"]), map(str, values["videos"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
