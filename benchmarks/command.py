"""The command line that all benchmarks share."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.machine import describe_machine
from benchmarks.table import Section, render, to_json

Measure = Callable[[Path], Section]
"""Measures one subject on the research data in a folder."""


def run(measures: Sequence[Measure], about: str | None) -> None:
    """Measure on the folder given by `--data`, print the table, write `--json`."""
    parser = argparse.ArgumentParser(description=(about or "").splitlines()[0])
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        help="folder with captioned_videos, captioned_images and awkward_files",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE too")
    options = parser.parse_args()
    if not (options.data / "captioned_videos").is_dir():
        parser.error(f"{options.data} holds no captioned_videos; give the research data")
    report(lambda: [measure(options.data) for measure in measures], options.json)


def report(measure: Callable[[], list[Section]], json_file: Path | None) -> None:
    """Measure, print the table, write it to `json_file` if there is one."""
    machine = describe_machine()
    sections = measure()
    print(render(machine, sections))
    if json_file is not None:
        json_file.write_text(json.dumps(to_json(machine, sections), indent=2) + "\n")
