"""`videobert train`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from indexer.options import device_option, json_option, library_option
from model.towers.registry import tower_help

if TYPE_CHECKING:
    from indexer.teaching_report import TeachingReport
    from indexer.training_report import TrainingReport


@click.command(epilog=f"\b\nTeachers:\n{tower_help(readers=True)}")
@click.option(
    "--teacher",
    metavar="NAME",
    help="Learn from a larger network instead, which looks at this library's frames once.",
)
@click.option(
    "--captions",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV of video,caption to train on instead of the subtitles beside the videos.",
)
@click.option("--steps", type=click.IntRange(1), help="Train for so many steps, whatever is there.")
@click.option(
    "--resume",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="RUN",
    help="Go on with an interrupted run, given its folder; other choices are the run's.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--dry-run", is_flag=True, help="Only say what would be trained.")
@library_option
@device_option
@json_option
def train(
    teacher: str | None,
    captions: Path | None,
    steps: int | None,
    resume: Path | None,
    seed: int,
    dry_run: bool,
    library: Path,
    device: str,
    as_json: bool,
) -> None:
    """Fit the model to this library's narration.

    Reads the subtitles beside the videos (name.srt, name.en.vtt, ...), or a CSV of captions. How
    much is trained depends on how much there is; a model that is no better is not taken. Ctrl-C
    stops it, --resume goes on.

    With --teacher no narration is needed; run it again after Ctrl-C.

    Example: videobert train --dry-run
    """
    from indexer.teaching import TeachingRequest, teach_library
    from indexer.training import TrainingRequest, train_library
    from indexer.waiting_model import Installation, install_waiting, is_waiting

    _require_fitting(_given())
    say = _say_nothing if _is_quiet(as_json) else _say
    report: TeachingReport | TrainingReport | Installation
    if resume is not None and is_waiting(resume):
        report = install_waiting(library, resume)
    elif teacher is not None:
        lesson = TeachingRequest(teacher, captions, device, seed, dry_run)
        report = teach_library(library, lesson, say)
    else:
        request = TrainingRequest(captions, steps, device, seed, resume, dry_run)
        report = train_library(library, request, say)
    click.echo(json.dumps(report.to_json()) if as_json else report.summary())
    sys.exit(0 if report.ok else 1)


def _given() -> set[str]:
    """The parameters that stand on the command line."""
    context = click.get_current_context()
    source = context.get_parameter_source
    return {name for name in context.params if source(name) is ParameterSource.COMMANDLINE}


def _require_fitting(given: set[str]) -> None:
    """Raises UsageError for choices that would not be heeded."""
    if "teacher" in given and given & {"steps", "resume"}:
        raise click.UsageError("--steps and --resume do not go with --teacher.")
    if "resume" in given and given - {"resume", "library", "as_json"}:
        raise click.UsageError(
            "--resume goes with --library and --json alone: all else is as the run was begun."
        )


def _is_quiet(as_json: bool) -> bool:
    return as_json or not sys.stderr.isatty()


def _say(line: str) -> None:
    click.echo(line, err=True)


def _say_nothing(line: str) -> None:
    pass
