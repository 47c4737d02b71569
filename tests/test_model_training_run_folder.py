"""What a run leaves behind: settings, figures, log, curves."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest

from model.training.run_folder import COLUMNS, RunFolder, progress_line, read_metrics


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def run(tmp_path: Path, lines: list[str]) -> RunFolder:
    folder = RunFolder(tmp_path / "run", lines.append)
    folder.begin()
    return folder


def test_figures_come_back_as_they_were_logged(run: RunFolder):
    run.log(0, {"probe": 0.5})
    run.log(1, {"loss": 1.23456789, "mil_nce": 2e-7})
    rows = read_metrics(run.metrics)
    assert tuple(rows[0]) == COLUMNS
    assert [(row["step"], row["loss"], row["mil_nce"], row["probe"]) for row in rows] == [
        ("0", "", "", "0.5"),
        ("1", "1.23457", "2e-07", ""),
    ]


def test_a_figure_without_a_column_is_a_mistake(run: RunFolder):
    with pytest.raises(ValueError, match="accuracy"):
        run.log(1, {"accuracy": 1.0})


def test_a_run_that_goes_on_drops_what_came_after_its_state(run: RunFolder):
    for step in range(5):
        run.log(step, {"loss": float(step)})
    again = RunFolder(run.folder)
    again.begin(2)
    again.log(3, {"loss": 30.0})
    assert [row["loss"] for row in read_metrics(run.metrics)] == ["0", "1", "2", "30"]


def test_a_new_run_begins_with_an_empty_table(run: RunFolder):
    run.log(1, {"loss": 1.0})
    RunFolder(run.folder).begin()
    assert read_metrics(run.metrics) == []


def test_lines_go_to_the_terminal_and_to_the_log(run: RunFolder, lines: list[str]):
    run.say("step 1")
    run.say("step 2")
    assert lines == ["step 1", "step 2"]
    assert (run.folder / "log.txt").read_text().splitlines() == lines


def test_settings_are_json(run: RunFolder):
    run.write("config.json", {"steps": 3})
    assert json.loads((run.folder / "config.json").read_text()) == {"steps": 3}


def test_curves_are_a_picture(run: RunFolder):
    pytest.importorskip("matplotlib")
    for step in range(4):
        run.log(step, {"loss": 3.0 / (step + 1), "probe": 0.5, "rate": 1.0})
    run.finish()
    picture = cv2.imread(str(run.folder / "curves.png"))
    assert picture.shape[:2] == (700, 1000)
    assert picture.std() > 5


def test_no_steps_draw_no_curves(run: RunFolder):
    run.finish()
    assert not (run.folder / "curves.png").exists()


@pytest.mark.parametrize(
    ("steps", "elapsed_s", "done", "left"),
    [
        (100, 20.0, 20, "1:20 to go"),
        (10_000, 20.0, 20, "2:46:20 to go"),
        (20, 5.0, 20, "0:00 to go"),
    ],
)
def test_a_line_says_how_long_it_will_take(steps: int, elapsed_s: float, done: int, left: str):
    values = {"loss": 2.3456, "pairs_per_s": 87.6}
    line = progress_line(20, steps, values, elapsed_s, done)
    assert line == f"step 20/{steps}  loss 2.346  88 pairs/s  {left}"
