"""What a training run leaves behind for people: its settings, its figures, its curves."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from model.training.curves import draw_curves

COLUMNS = (
    "step",
    "loss",
    "mil_nce",
    "pieces",
    "words",
    "features",
    "alignment",
    "anchor",
    "temperature",
    "gradient_norm",
    "rate",
    "pairs_per_s",
    "probe",
)
"""Of metrics.csv. What was not measured at a step is empty."""

Say = Callable[[str], None]


class RunFolder:
    """config.json, metrics.csv, log.txt, curves.png, state.pt; TensorBoard's where it is there."""

    def __init__(self, folder: Path, say: Say = lambda line: None) -> None:
        """`say` gets each line of the log, for a terminal."""
        self.folder = folder
        self._say = say
        self._board: Any = None
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def state(self) -> Path:
        return self.folder / "state.pt"

    @property
    def metrics(self) -> Path:
        return self.folder / "metrics.csv"

    def begin(self, step: int | None = None) -> None:
        """Open the files. A run that goes on from `step` drops what was noted after it."""
        last = -1 if step is None else step
        kept = [row for row in read_metrics(self.metrics) if int(row["step"]) <= last]
        with self.metrics.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, COLUMNS)
            table.writeheader()
            table.writerows(kept)
        if find_spec("tensorboard") is not None:
            from torch.utils.tensorboard import SummaryWriter

            self._board = SummaryWriter(str(self.folder), purge_step=last + 1)

    def write(self, name: str, values: Mapping[str, Any]) -> None:
        """A JSON file of the folder."""
        (self.folder / name).write_text(json.dumps(values, indent=2) + "\n", "utf-8")

    def log(self, step: int, values: Mapping[str, float]) -> None:
        """A row of figures; names are of COLUMNS."""
        with self.metrics.open("a", encoding="utf-8", newline="") as file:
            row = {name: f"{value:.6g}" for name, value in values.items()}
            csv.DictWriter(file, COLUMNS).writerow({"step": step, **row})
        if self._board is not None:
            for name, value in values.items():
                self._board.add_scalar(name, value, step)

    def say(self, line: str) -> None:
        """A line for people: on the terminal, and in log.txt."""
        with (self.folder / "log.txt").open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
        self._say(line)

    def finish(self) -> None:
        """Draw the curves and close the files."""
        if self._board is not None:
            self._board.close()
        draw_curves(read_metrics(self.metrics), self.folder / "curves.png")


def read_metrics(path: Path) -> list[dict[str, str]]:
    """The rows of metrics.csv; none where there is no file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def progress_line(
    step: int, steps: int, values: Mapping[str, float], elapsed_s: float, done: int
) -> str:
    """ "step 20/100  loss 2.314  88 pairs/s  1:41 to go"; `done` steps took `elapsed_s`."""
    left = round(elapsed_s / max(done, 1) * (steps - step))
    minutes, seconds = divmod(left, 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
    parts = "  ".join(
        f"{name} {values[name]:.3f}" for name in ("loss", "mil_nce") if name in values
    )
    return (
        f"step {step}/{steps}  {parts}  {values.get('pairs_per_s', 0):.0f} pairs/s  {clock} to go"
    )
