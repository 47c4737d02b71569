"""`videobert search | evaluate`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import category

import click

from indexer.options import json_option, library_option
from search.evidence import CHANNELS
from search.filter_options import filter_options

if TYPE_CHECKING:
    from indexer.store.filters import Filters
    from search.engine import SearchEngine
    from search.evidence import Match
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


@click.command()
@click.argument("text", required=False)
@click.option("--clip", type=_existing_file, help="Find moments like this video file.")
@click.option("--image", type=_existing_file, help="Find moments like this picture.")
@click.option("--like", metavar="VIDEO@SECONDS", help="Find moments like one in the library.")
@click.option("--queries", type=_existing_file, help="One query a line; one JSON line each.")
@click.option("-k", "count", type=click.IntRange(1, 1000), default=10, show_default=True)
@channels_option
@filter_options
@rerank_option
@library_option
@json_option
def search(
    text: str | None,
    clip: Path | None,
    image: Path | None,
    like: str | None,
    queries: Path | None,
    count: int,
    channels: str,
    filters: Filters,
    rerank: float | None,
    library: Path,
    as_json: bool,
) -> None:
    """Find moments by words, by a clip, by a picture, or by another moment.

    Words are looked for in what is seen, said, written on screen, and in names. "Phrases in
    quotes" and prefixes* have to be there; what follows a -minus must not.

    Example: videobert search "a dog on a beach"
    """
    if sum(given is not None for given in (text, clip, image, like, queries)) != 1:
        raise click.UsageError("Give one of TEXT, --clip, --image, --like and --queries.")
    from search.engine import SearchEngine
    from search.textfiles import read_queries

    lines = [] if queries is None else read_queries(queries)  # before anything is answered
    with SearchEngine.open(library, rerank=rerank) as engine:
        if queries is not None:
            _answer_lines(engine, lines, count, _names(channels), filters)
            return
        result = _answer(engine, text, clip, image, like, count, _names(channels), filters)
    click.echo(json.dumps(result.to_json()) if as_json else _table(result))


@click.command()
@click.argument("pairs", type=_existing_file)
@channels_option
@rerank_option
@library_option
@json_option
def evaluate(
    pairs: Path, channels: str, rerank: float | None, library: Path, as_json: bool
) -> None:
    """Recall of `video,caption` pairs in a CSV: how often the caption finds its video.

    Example: videobert evaluate captions.csv --json
    """
    from search.engine import SearchEngine
    from search.evaluation import evaluate as run
    from search.evaluation import read_pairs

    wanted = read_pairs(pairs)
    with SearchEngine.open(library, rerank=rerank) as engine:
        found = run(engine, wanted, pairs.parent, _names(channels))
    if as_json:
        click.echo(json.dumps(found.to_json()))
    else:
        click.echo(
            f"R@1 {found.r1:.3f}   R@5 {found.r5:.3f}   R@10 {found.r10:.3f}   "
            f"median rank {found.median_rank:g}   over {found.queries} queries"
        )
    if found.missing:
        click.echo(_missing(found.missing), err=True)
        sys.exit(1)


def _answer(
    engine: SearchEngine,
    text: str | None,
    clip: Path | None,
    image: Path | None,
    like: str | None,
    count: int,
    channels: Sequence[str],
    filters: Filters,
) -> SearchResult:
    from search.query import parse_like

    if clip is not None:
        return engine.search_clip(clip, count, filters)
    if image is not None:
        return engine.search_image(image, count, filters)
    if like is not None:
        return engine.search_like(*parse_like(like), count, filters)
    return engine.search(text or "", count, channels=channels, filters=filters)


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


def _missing(videos: Sequence[str]) -> str:
    verb = "video is" if len(videos) == 1 else "videos are"
    names = ", ".join(map(_shown, videos[:5])) + (", ..." if len(videos) > 5 else "")
    return f"{len(videos)} {verb} not in the library: {names}"


def _table(result: SearchResult) -> str:
    if not result.moments:
        return "Nothing found."
    rows = []
    for i, moment in enumerate(result.moments, 1):
        times = f"{_clock(moment.start_s)}–{_clock(moment.end_s)}"
        rows.append(f"{i:3}.  {moment.score:5.2f}  {times}  {_shown(moment.video)}")
        rows += [f"      {_quoted(match)}" for match in moment.matches[:1]]
        rows += [f"      copy: {_shown(copy.video)}" for copy in moment.copies]
    return "\n".join(rows)


def _quoted(match: Match) -> str:
    """What was said, written or named, with the words that match in brackets."""
    pieces, done = [], 0
    for start, end in match.highlights:
        pieces.append(f"{match.text[done:start]}[{match.text[start:end]}]")
        done = end
    text = "".join([*pieces, match.text[done:]])
    return f"{match.channel}: {_shown(' '.join(text.split()))}"


def _shown(name: str) -> str:
    """`name` with what would break the line, or play tricks on a terminal, as escapes."""
    return "".join(
        c if c.isprintable() or category(c) == "Zs" else c.encode("unicode_escape").decode()
        for c in name
    )


def _clock(seconds: float) -> str:
    minutes, tenths = divmod(round(seconds * 10), 600)  # 59.96 s are 1:00.0
    return f"{minutes}:{tenths / 10:04.1f}"
