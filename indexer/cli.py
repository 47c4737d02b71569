"""`videobert index | rollback | forget | status`; `rebuild` is in `search.nightly_cli`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.options import device_option, json_option, library_option

if TYPE_CHECKING:
    from indexer.report import Report
    from model.encoder import Encoder

places_argument = click.argument(
    "places",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH...",
)


@click.command()
@places_argument
@library_option
@device_option
@json_option
@click.option("--retry-failed", is_flag=True, help="Try files again that failed before.")
@click.option(
    "--speech",
    metavar="NAME",
    help="Who listens where there are no subtitles: off, pocketsphinx, whisper or whisper:MODEL. "
    "Kept in library.toml.",
)
@click.option(
    "--screen/--no-screen",
    default=None,
    help="Whether on-screen text is read, which takes more than twice as long. Kept in "
    "library.toml.",
)
def index(
    places: tuple[Path, ...],
    library: Path,
    device: str,
    as_json: bool,
    retry_failed: bool,
    speech: str | None,
    screen: bool | None,
) -> None:
    """Add or refresh folders and files.

    Only what is new or has changed is read: pictures, subtitles beside and inside the files, names
    and metadata. Ctrl-C stops it; run it again to go on.

    Example: videobert index ~/Videos
    """
    from indexer import pipeline
    from indexer.channels.registry import set_channels
    from indexer.progress import Progress

    if speech is not None or screen is not None:
        set_channels(library, speech=speech, screen=screen)
    report = pipeline.index(
        library,
        places,
        _encoder(library, device),
        progress=Progress(quiet=as_json),
        retry_failed=retry_failed,
    )
    _finish(report, as_json)


@click.command()
@library_option
@click.option("--to", "number", type=int, help="Number of the generation; else the one before.")
@json_option
def rollback(library: Path, number: int | None, as_json: bool) -> None:
    """Go back to an earlier generation of the index.

    Example: videobert rollback
    """
    from indexer import nightly

    live = nightly.rollback(library, number)
    click.echo(json.dumps({"generation": live}) if as_json else f"Generation {live} is live.")


@click.command()
@click.argument("place", type=click.Path(path_type=Path), metavar="PATH")
@library_option
@json_option
def forget(place: Path, library: Path, as_json: bool) -> None:
    """Take a folder or a file out of the library. The videos themselves are not touched.

    Example: videobert forget ~/Videos/old
    """
    from indexer import nightly

    _finish(nightly.forget(library, place.resolve(), _encoder(library, "cpu")), as_json)


@click.command()
@library_option
@json_option
def status(library: Path, as_json: bool) -> None:
    """What the library holds, and which generation is live.

    Example: videobert status --json
    """
    from dataclasses import asdict

    from indexer.status import library_status

    found = library_status(library)
    click.echo(json.dumps(asdict(found)) if as_json else found.describe())


def _encoder(library: Path, device: str) -> Encoder:
    from indexer.store.library import library_model
    from model.registry import load_encoder

    return load_encoder(library_model(library), device)


def _finish(report: Report, as_json: bool) -> None:
    click.echo(json.dumps(report.to_json()) if as_json else report.summary())
    sys.exit(0 if report.ok else 1)
