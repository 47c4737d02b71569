"""`videobert search`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.options import library_option
from search.evidence import CHANNELS
from search.exports import FORMATS, FPS, MOST_FPS, export
from search.filter_options import filter_options
from search.table import table

if TYPE_CHECKING:
    from indexer.store.filters import Filters
    from search.engine import SearchEngine
    from search.results import SearchResult

_existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_BATCH = 64
rerank_option = click.option(
    "--rerank",
    type=click.FloatRange(0),
    help="Look at the best 20 again with the whole network, with this weight; 0 is not at all.",
    show_default="as the model was validated",
)


channels_option = click.option(
    "--channels",
    metavar="NAMES",
    default=",".join(CHANNELS),
    show_default=True,
    help="What words are looked for in.",
)


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


@click.command()
@click.argument("text", required=False)
@click.option("--clip", "clips", type=_existing_file, multiple=True, help="Like this video file.")
@click.option("--image", "images", type=_existing_file, multiple=True, help="Like this picture.")
@click.option("--like", metavar="VIDEO@SECONDS", multiple=True, help="Like one of the library.")
@click.option("--queries", type=_existing_file, help="One query a line; one JSON line each.")
@click.option("-k", "count", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--relevant", metavar="ID", multiple=True, help="More like this result, by its id.")
@click.option("--irrelevant", metavar="ID", multiple=True, help="Nothing like this result.")
@click.option("--by-video", is_flag=True, help="Each video once, with its best moment.")
@click.option(
    "--diversity",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Prefer what is unlike the better results; 0 is not at all, 0.3 some, 1 wholly.",
)
@click.option("--page", metavar="NEXT", help="The page that follows: `next` of the one before.")
@channels_option
@filter_options
@rerank_option
@library_option
@_format_option
@_json_first
@click.option(
    "--fps",
    type=click.IntRange(1, MOST_FPS),
    default=FPS,
    show_default=True,
    help="Frames a second of an edl: those of the timeline that it is for.",
)
def search(
    text: str | None,
    queries: Path | None,
    count: int,
    channels: str,
    filters: Filters,
    rerank: float | None,
    library: Path,
    kind: str,
    fps: int,
    **asked: Any,
) -> None:
    """Find moments by words, by clips, by pictures, by other moments, or by all of them.

    Words are looked for in what is seen, said, written on screen, and in names. "Phrases in
    quotes" and prefixes* have to be there; what follows a -minus must not. said:, shown:, screen:
    and named: look in one place only; in:, tag:, after:, longer: and others choose videos; A then
    B within 30s finds one after the other.

    \b
    Example: videobert search "a dog on a beach"
             videobert search "said:recipe then shown:(a man cutting onions) within 20s"
             videobert search "at night" --clip street.mp4
    """
    if queries is not None and kind not in ("table", "json"):
        raise click.UsageError("--queries prints a line of JSON for each; leave --format out.")
    alone = not (text or asked["clips"] or asked["images"] or asked["like"])
    if (queries is not None) != alone:
        raise click.UsageError("Give TEXT, --clip, --image or --like; or --queries alone.")
    from search.engine import SearchEngine
    from search.textfiles import read_queries

    lines = [] if queries is None else read_queries(queries)  # before anything is answered
    with SearchEngine.open(library, rerank=rerank) as engine:
        if queries is not None:
            _answer_lines(engine, lines, count, _names(channels), filters)
            return
        result = _answer(engine, text or "", count, _names(channels), filters, **asked)
    _print(result, kind, fps)


def _print(result: SearchResult, kind: str, fps: int) -> None:
    """As bytes, so that lines end as the format wants it and the text is UTF-8 anywhere."""
    if kind == "table":
        click.echo(table(result))
        return
    click.echo(export(result, kind, fps).encode(), nl=False)
    if left_out := FORMATS[kind].left_out(result):
        click.echo(f"videobert: {left_out} moments do not fit into one {kind} file.", err=True)


def _answer(
    engine: SearchEngine,
    text: str,
    count: int,
    channels: Sequence[str],
    filters: Filters,
    clips: Sequence[Path],
    images: Sequence[Path],
    like: Sequence[str],
    relevant: Sequence[str],
    irrelevant: Sequence[str],
    by_video: bool,
    diversity: float,
    page: str | None,
) -> SearchResult:
    from search.language import parse_question
    from search.moment_ref import MomentRef
    from search.query import parse_like
    from search.question import Question

    question = parse_question(text) if text else Question(" + ".join(like), ())
    return engine.search(
        question.like([parse_like(one) for one in like]),
        count,
        channels=channels,
        filters=filters,
        clips=clips,
        pictures=images,
        relevant=[MomentRef.parse(one) for one in relevant],
        irrelevant=[MomentRef.parse(one) for one in irrelevant],
        by_video=by_video,
        diversity=diversity,
        page=page,
    )


def _answer_lines(
    engine: SearchEngine,
    lines: Sequence[str],
    count: int,
    channels: Sequence[str],
    filters: Filters,
) -> None:
    """A line of JSON for each of `lines`, in order."""
    for start in range(0, len(lines), _BATCH):
        for result in engine.search_texts(lines[start : start + _BATCH], count, channels, filters):
            click.echo(json.dumps(result.to_json()))


def _names(channels: str) -> list[str]:
    return [name.strip() for name in channels.split(",") if name.strip()]
