"""`videobert query`: questions that are kept under a name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.options import json_option, library_option
from search.table import shown, table

if TYPE_CHECKING:
    from indexer.store.saved_queries import SavedQuery
    from indexer.store.stored_moment import StoredMoment

name_argument = click.argument("name")
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def query() -> None:
    """Saved queries, what they have to find, and which of them are standing.

    Example: videobert query save beach "a dog on a beach" --standing
    """


@query.command()
@name_argument
@click.argument("text")
@click.option(
    "--expect",
    "expected",
    multiple=True,
    metavar="VIDEO@START-END",
    help="A moment that it has to find; may be given several times.",
)
@click.option("--standing", is_flag=True, help="`videobert digest` tells what is new of it.")
@library_option
@json_option
def save(
    name: str, text: str, expected: tuple[str, ...], standing: bool, library: Path, as_json: bool
) -> None:
    """Keep a question under a name.

    Example: videobert query save beach "a dog on a beach" --expect 17@12.5-18 --standing
    """
    from indexer.store.notes import Notes
    from indexer.store.saved_queries import SavedQuery
    from search.language import parse_question

    parse_question(text)  # what cannot be asked is not kept
    with Notes(library) as notes:
        moments = tuple(_stored(library, expected))
        notes.saved_queries.save(SavedQuery(name, text, standing, moments))
        _show(notes.saved_queries.get(name), library, as_json)


@query.command()
@name_argument
@click.argument("moments", nargs=-1, required=True, metavar="VIDEO@START-END...")
@library_option
@json_option
def expect(name: str, moments: tuple[str, ...], library: Path, as_json: bool) -> None:
    """Add moments that a saved query has to find.

    Example: videobert query expect beach holiday.mp4@12.5-18
    """
    from indexer.store.notes import Notes

    with Notes(library) as notes:
        notes.saved_queries.expect(name, _stored(library, moments))
        _show(notes.saved_queries.get(name), library, as_json)


@query.command("list")
@library_option
@json_option
def list_queries(library: Path, as_json: bool) -> None:
    """All saved queries. Example: videobert query list"""
    from indexer.store.notes import Notes

    with Notes(library) as notes:
        found = notes.saved_queries.list()
    if as_json:
        click.echo(json.dumps([_json(one) for one in found]))
        return
    for one in found:
        marks = f"{len(one.expected)} expected" + (", standing" if one.standing else "")
        click.echo(f"{shown(one.name)}: {shown(one.text)}  ({marks})")


@query.command()
@name_argument
@library_option
@json_option
def show(name: str, library: Path, as_json: bool) -> None:
    """A saved query, and which of its expected answers are gone.

    Example: videobert query show beach
    """
    from indexer.store.notes import Notes

    with Notes(library) as notes:
        _show(notes.saved_queries.get(name), library, as_json)


@query.command()
@name_argument
@click.option(
    "-k",
    "count",
    type=click.IntRange(1, 1000),
    default=10,
    show_default=True,
    help="Moments at most.",
)
@library_option
@json_option
def run(name: str, count: int, library: Path, as_json: bool) -> None:
    """Ask a saved query now. Example: videobert query run beach"""
    from indexer.store.notes import Notes
    from search.engine import SearchEngine
    from search.golden import ask

    with Notes(library) as notes, SearchEngine.open(library) as engine:
        result = ask(engine, notes.saved_queries.get(name).text, count)
    click.echo(json.dumps(result.to_json()) if as_json else table(result))


@query.command()
@name_argument
@library_option
@json_option
def remove(name: str, library: Path, as_json: bool) -> None:
    """Forget a saved query. Example: videobert query remove beach"""
    from indexer.store.notes import Notes

    with Notes(library) as notes:
        notes.saved_queries.remove(name)
    click.echo(json.dumps({"removed": name}) if as_json else f"{shown(name)} is removed.")


@query.command("export")
@library_option
def export_queries(library: Path) -> None:
    """All saved queries as JSON. Example: videobert query export > queries.json"""
    from indexer.store.notes import Notes

    with Notes(library) as notes:
        click.echo(json.dumps([_json(one) for one in notes.saved_queries.list()], indent=2))


@query.command("import")
@click.argument("file", type=_file)
@library_option
@json_option
def import_queries(file: Path, library: Path, as_json: bool) -> None:
    """Read what `export` wrote; queries of the same names are replaced.

    Example: videobert query import queries.json
    """
    from indexer.store.notes import Notes
    from search.saved_files import read_saved

    queries = read_saved(file)
    with Notes(library) as notes:
        for one in queries:
            notes.saved_queries.save(one, replace=True)
    count = len(queries)
    told = f"{count} saved {'query is' if count == 1 else 'queries are'} imported."
    click.echo(json.dumps({"imported": count}) if as_json else told)


def _stored(library: Path, moments: Iterable[str]) -> list[StoredMoment]:
    from indexer.store.library import Library
    from search.library_view import LibraryView
    from search.moment_ref import MomentRef

    refs = [MomentRef.parse(moment) for moment in moments]
    if not refs:
        return []
    with LibraryView(Library.open(library)) as view:
        return [ref.stored(view) for ref in refs]


def _show(found: SavedQuery, library: Path, as_json: bool) -> None:
    from contextlib import closing

    from indexer.store.catalog import Catalog
    from indexer.store.paths import LibraryPaths
    from search.moment_ref import MomentRef

    with closing(Catalog(LibraryPaths(library).catalog)) as catalog:
        paths = {file.content: path for path, file in catalog.files().items() if file.content}
    now = replace(
        found, expected=tuple(replace(m, path=paths.get(m.content, m.path)) for m in found.expected)
    )
    if as_json:
        gone = [m.to_json() for m in found.expected if m.content not in paths]
        click.echo(json.dumps({**_json(now), "gone": gone}))
        return
    click.echo(f"{shown(now.name)}: {shown(now.text)}" + ("  (standing)" if now.standing else ""))
    for m in now.expected:
        gone_mark = "" if m.content in paths else "  (no longer in the library)"
        click.echo(f"  {MomentRef(shown(m.path), m.start_s, m.end_s)}{gone_mark}")


def _json(found: SavedQuery) -> dict[str, Any]:
    return {
        "name": found.name,
        "text": found.text,
        "standing": found.standing,
        "expected": [moment.to_json() for moment in found.expected],
    }
