"""What a run did, for people and for cron."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from indexer.errors import IndexerError


@dataclass
class Failure:
    """One file, or one folder, that could not be dealt with."""

    path: str
    code: str
    message: str

    @classmethod
    def of(cls, path: str, error: IndexerError) -> Failure:
        return cls(path, error.code, str(error))


@dataclass
class Report:
    """Counts of files, and each failure with its reason."""

    indexed: int = 0
    """Decoded and encoded in this run."""
    restored: int = 0
    """Taken from a shard that was there: an interrupted run's, or another machine's."""
    reencoded: int = 0
    """Made by a new model of the tokens in an older one's shard: no frame was read."""
    reread: int = 0
    """Read again for what it says, shows or shares with others; no frame was encoded."""
    copied: int = 0
    """A further path to a content that is known."""
    renamed: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: list[Failure] = field(default_factory=list)
    warnings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Path to what was wrong with a file that was indexed nevertheless."""
    interrupted: bool = False
    video_s: float = 0.0
    """Seconds of video encoded."""
    elapsed_s: float = 0.0
    generation: int | None = None
    """The live generation after the run."""
    clips: int = 0
    """Clips in it."""

    @property
    def ok(self) -> bool:
        """Whether everything could be dealt with."""
        return not self.failed and not self.interrupted

    def to_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "indexed": self.indexed,
            "restored": self.restored,
            "reencoded": self.reencoded,
            "reread": self.reread,
            "copied": self.copied,
            "renamed": self.renamed,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "failed": [vars(failure) for failure in self.failed],
            "warnings": {path: list(texts) for path, texts in self.warnings.items()},
            "interrupted": self.interrupted,
            "video_s": round(self.video_s, 2),
            "elapsed_s": round(self.elapsed_s, 2),
            "times_realtime": round(self.video_s / self.elapsed_s, 1) if self.elapsed_s else None,
            "generation": self.generation,
            "clips": self.clips,
        }

    def summary(self) -> str:
        """A few lines for a terminal."""
        counts = (
            "indexed",
            "restored",
            "reencoded",
            "reread",
            "copied",
            "renamed",
            "unchanged",
            "removed",
        )
        parts = [f"{getattr(self, name)} {name}" for name in counts if getattr(self, name)]
        lines = [", ".join([*parts, f"{len(self.failed)} failed"])]
        if self.video_s and self.elapsed_s:
            speed = self.video_s / self.elapsed_s
            lines[0] += f" · {_clock(self.video_s)} of video in {_clock(self.elapsed_s)}"
            lines[0] += f" ({speed:.0f}× realtime)"
        lines += [f"  failed   {failure.message}" for failure in self.failed]
        lines += [f"  warning  {path}: {'; '.join(t)}" for path, t in self.warnings.items()]
        if self.interrupted:
            lines.append("Interrupted. Run the same command again to go on.")
        if self.generation is not None:
            lines.append(f"Generation {self.generation} is live with {self.clips} clips.")
        return "\n".join(lines)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
