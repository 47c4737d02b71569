"""`videobert duplicates`: videos that show the same."""

from __future__ import annotations

import json
from pathlib import Path

import click

from indexer.options import json_option, library_option


@click.command()
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(["copy", "part", "shared"]),
    multiple=True,
    help="copy: all of both; part: all of one is in the other; shared: a part of both. "
    "[default: all]",
)
@library_option
@json_option
def duplicates(kinds: tuple[str, ...], library: Path, as_json: bool) -> None:
    """Videos that show the same, and which part of which.

    Exact copies are one video in several files; near copies were cropped, re-encoded, greyed, cut
    or sped up. Nothing is deleted. The best of each group comes first.

    Example: videobert duplicates --kind copy
    """
    from indexer.copies.groups import copies_in
    from indexer.copies.listing import describe_groups, groups_to_json
    from indexer.copies.match import Kind
    from indexer.store.library import Library

    with Library.open(library) as opened:
        groups = copies_in(opened.catalog.copies, [Kind(kind) for kind in kinds] or tuple(Kind))
    click.echo(json.dumps(groups_to_json(groups)) if as_json else describe_groups(groups))
