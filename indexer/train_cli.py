"""`videobert train`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from indexer.options import device_option, json_option, library_option


@click.command()
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

    Example: videobert train --dry-run
    """
    from indexer.training import TrainingRequest, train_library

    request = TrainingRequest(captions, steps, device, seed, resume, dry_run)
    report = train_library(library, request, _say_nothing if _is_quiet(as_json) else _say)
    click.echo(json.dumps(report.to_json()) if as_json else report.summary())
    sys.exit(0 if report.ok else 1)


def _is_quiet(as_json: bool) -> bool:
    return as_json or not sys.stderr.isatty()


def _say(line: str) -> None:
    click.echo(line, err=True)


def _say_nothing(line: str) -> None:
    pass
