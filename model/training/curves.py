"""The figures of a run as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

PANELS = {
    "losses": ("loss", "mil_nce", "anchor"),
    "mask completion and alignment": ("pieces", "words", "features", "alignment"),
    "generic probe": ("probe",),
    "learning rate": ("rate",),
}


def draw_curves(rows: Sequence[Mapping[str, str]], path: Path) -> None:
    """One panel a group of columns, over the steps. Without matplotlib there is no picture."""
    if find_spec("matplotlib") is None or not rows:
        return
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 7), layout="constrained")
    FigureCanvasAgg(figure)  # draws without a screen, whatever backend the user has chosen
    for axes, (title, columns) in zip(figure.subplots(2, 2).flat, PANELS.items(), strict=True):
        for column in columns:
            points = [(int(row["step"]), float(row[column])) for row in rows if row.get(column)]
            if points:
                axes.plot(*zip(*points, strict=True), label=column, marker=".", markersize=3)
        axes.set_title(title)
        axes.set_xlabel("step")
        axes.grid(alpha=0.3)
        if len(columns) > 1 and axes.lines:
            axes.legend()
    figure.savefig(path, dpi=100)
