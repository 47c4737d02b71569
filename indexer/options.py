"""Options that every command shares."""

from __future__ import annotations

from pathlib import Path

import click

from indexer.store.paths import default_library

library_option = click.option(
    "--library",
    type=click.Path(file_okay=False, path_type=Path),
    default=default_library,
    show_default="$VIDEOBERT_LIBRARY, else ~/.local/share/videobert",
    help="Where the index is kept.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
device_option = click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "cuda"]),
    default="auto",
    envvar="VIDEOBERT_DEVICE",
    show_default=True,
    help="Where frames are encoded.",
)
