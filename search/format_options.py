"""How `videobert search` prints its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from search.exports import FORMATS, FPS, MOST_FPS, export
from search.results import SearchResult
from search.table import table

F = TypeVar("F", bound=Callable[..., Any])


def format_options(command: F) -> F:
    """Adds --format, --json and --fps; the command gets `kind`, such as "table", and `fps`."""
    for option in (_fps_option, _json_first, _format_option):
        command = option(command)
    return command


def print_result(result: SearchResult, kind: str, fps: int) -> None:
    """As bytes, so that lines end as the format wants it and the text is UTF-8 anywhere."""
    if kind == "table":
        click.echo(table(result))
        return
    click.echo(export(result, kind, fps).encode(), nl=False)
    if left_out := FORMATS[kind].left_out(result):
        click.echo(f"videobert: {left_out} moments do not fit into one {kind} file.", err=True)


def _one_format(context: click.Context, parameter: click.Parameter, name: str | None) -> str:
    """What to print: --json is short for --format json."""
    as_json = context.params.pop("as_json", False)
    if as_json and name not in (None, "json"):
        raise click.BadParameter(f"--json and --format {name} exclude each other.")
    return name or ("json" if as_json else "table")


_format_option = click.option(
    "--format",
    "kind",
    type=click.Choice(["table", *FORMATS]),
    callback=_one_format,
    show_default="table",
    help="How it is printed: for people, programs, spreadsheets, editors, or players.",
)
# Eager: what it says is known when --format is read.
_json_first = click.option(
    "--json", "as_json", is_flag=True, is_eager=True, help="Short for --format json."
)
_fps_option = click.option(
    "--fps",
    type=click.IntRange(1, MOST_FPS),
    default=FPS,
    show_default=True,
    help="Frames a second of an edl: those of the timeline that it is for.",
)
