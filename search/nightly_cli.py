"""`videobert rebuild`: the nightly job, with saved queries as its last check."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from indexer.options import device_option, json_option, library_option


@click.command()
@library_option
@device_option
@json_option
@click.option(
    "--tolerance",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="How much recall of its expected answers a saved query may lose.",
)
@click.option("--accept-worse", is_flag=True, help="Go live although saved queries find less.")
def rebuild(
    library: Path, device: str, as_json: bool, tolerance: float, accept_worse: bool
) -> None:
    """The nightly job: rescan, encode what is new, verify, switch.

    The new generation is built beside the live one and goes live only if it passes its checks,
    and saved queries find in it what they have to.

    Example: videobert rebuild --json >> ~/videobert.log
    """
    from indexer import nightly
    from indexer.progress import Progress
    from indexer.store.library import library_model
    from model.registry import load_encoder
    from search.golden import GoldenGate

    encoder = load_encoder(library_model(library), device)
    gate = GoldenGate(library, encoder, tolerance=tolerance, accept_worse=accept_worse)
    report = nightly.rebuild(library, encoder, Progress(quiet=as_json), gate)
    click.echo(json.dumps(report.to_json()) if as_json else report.summary())
    sys.exit(0 if report.ok else 1)
