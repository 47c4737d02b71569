"""`videobert digest`: what is new of standing queries, for a mail every morning."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.options import json_option, library_option
from search.table import clock, shown

if TYPE_CHECKING:
    from search.digest import Digest


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option("--peek", is_flag=True, help="Do not take it as told: tell it again next time.")
@click.option("--markdown", is_flag=True, help="Print Markdown.")
@library_option
@json_option
def digest(
    names: tuple[str, ...], peek: bool, markdown: bool, library: Path, as_json: bool
) -> None:
    """What is new of standing queries since the last digest; of all, or of those named.

    Without anything new nothing is printed, but to a terminal.

    Example: videobert digest --markdown
    """
    from indexer.store.notes import Notes
    from search.digest import digest as digest_of
    from search.digest import mark_told
    from search.engine import SearchEngine
    from search.errors import SearchError

    failed = told = False
    with Notes(library) as notes, SearchEngine.open(library) as engine:
        saved = notes.saved_queries
        chosen = [saved.get(name) for name in names]
        for query in chosen or [one for one in saved.list() if one.standing]:
            try:
                found = digest_of(engine, saved, query)
            except SearchError as error:  # the others are still told of
                click.echo(f"videobert: {query.name}: {error}", err=True)
                failed = True
                continue
            if as_json:
                click.echo(json.dumps(found.to_json()))
            elif found.moments:  # without any there is nothing to mail
                click.echo(as_text(found, markdown=markdown))
            told |= as_json or bool(found.moments)
            if not peek:
                mark_told(engine, saved, found)
    if not told and sys.stdout.isatty():
        click.echo("Nothing is new.")
    sys.exit(1 if failed else 0)


def as_text(found: Digest, *, markdown: bool) -> str:
    """For a mail, or for what reads Markdown."""
    heading = f"{found.query.name}: {len(found.moments)} new"
    lines = [f"## {heading}\n" if markdown else heading]
    for moment in found.moments:
        times = f"{clock(moment.start_s)}–{clock(moment.end_s)}"
        name = shown(moment.video)
        lines.append(
            f"- `{name}` {times} ({moment.score:.2f})" if markdown else f"  {times}  {name}"
        )
    if found.more:
        lines.append(f"{'- ' if markdown else '  '}and {found.more} more, told of next time")
    return "\n".join(lines) + "\n"
