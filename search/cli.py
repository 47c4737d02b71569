"""`videobert search`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.options import library_option
from search.evidence import CHANNELS
from search.filter_options import filter_options
from search.format_options import format_options, print_result

if TYPE_CHECKING:
    from indexer.store.filters import Filters
    from search.engine import SearchEngine
    from search.question import Question
    from search.thumbs import Judged

_existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_BATCH = 64
_EXAMPLES = ("clips", "images", "like")
_THUMBS = ("relevant", "irrelevant", "no_thumbs")
_ARRANGED = ("by_video", "diversity")
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
@click.argument("text", default="")
@click.option("--clip", "clips", type=_existing_file, multiple=True, help="Like this video file.")
@click.option("--image", "images", type=_existing_file, multiple=True, help="Like this picture.")
@click.option("--like", metavar="VIDEO@SECONDS", multiple=True, help="Like one of the library.")
@click.option("--queries", type=_existing_file, help="One query a line; one JSON line each.")
@click.option("-k", "count", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--relevant", metavar="ID", multiple=True, help="Thumb up for this result. Kept.")
@click.option("--irrelevant", metavar="ID", multiple=True, help="Thumb down for it. Kept.")
@click.option("--no-thumbs", is_flag=True, help="Ask without the thumbs that were kept.")
@click.option("--by-video", is_flag=True, help="Each video once, with its best moment.")
@click.option(
    "--diversity",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Prefer what is unlike the better results: 0 not at all, 0.1 some, 0.3 much.",
)
@click.option("--page", metavar="NEXT", help="The page that follows: `next` of the one before.")
@channels_option
@filter_options
@rerank_option
@library_option
@format_options
def search(
    text: str,
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
    B within 30s finds one after the other. TEXT that begins with a minus goes last, after --.

    \b
    Example: videobert search "a dog on a beach"
             videobert search "said:recipe then shown:(a man cutting onions) within 20s"
             videobert search "at night" --clip street.mp4
    """
    text = text.strip()
    _refuse_odd_company(text, queries, kind, filters, asked)
    from search.engine import SearchEngine
    from search.textfiles import read_queries

    if queries is not None:
        lines = read_queries(queries)  # before anything is answered
        with SearchEngine.open(library, rerank=rerank) as engine:
            _answer_lines(engine, lines, count, _names(channels), filters, asked)
        return
    question = _question(text, **asked)  # before a thumb is kept of it
    with SearchEngine.open(library, rerank=rerank) as engine:
        judged = _judged(library, engine, text, **_only(asked, _THUMBS))
        result = engine.search(
            question,
            count,
            channels=_names(channels),
            filters=filters,
            clips=asked["clips"],
            pictures=asked["images"],
            relevant=judged.relevant,
            irrelevant=judged.irrelevant,
            page=asked["page"],
            **_only(asked, _ARRANGED),
        )
    print_result(result, kind, fps)


def _refuse_odd_company(
    text: str, queries: Path | None, kind: str, filters: Filters, asked: dict[str, Any]
) -> None:
    """Raises click.UsageError for what cannot be asked together."""
    is_something = bool(text or any(asked[name] for name in _EXAMPLES))
    if queries is None:
        if not (is_something or filters):
            raise click.UsageError("Give TEXT, --clip, --image, --like or a filter; or --queries.")
        return
    if is_something or any(asked[name] for name in ("page", "relevant", "irrelevant")):
        raise click.UsageError(
            "--queries has all the questions, and each is asked for its first page without thumbs: "
            "leave TEXT, --clip, --image, --like, --page, --relevant and --irrelevant away."
        )
    if kind not in ("table", "json"):
        raise click.UsageError("--queries prints a line of JSON for each; leave --format out.")


def _question(text: str, like: Sequence[str], **asked: Any) -> Question:
    from search.language import parse_question
    from search.query import parse_like
    from search.question import Question

    has_examples = bool(like or asked["clips"] or asked["images"])
    question = parse_question(text, beside_examples=has_examples) if text else Question("", ())
    return question.like([parse_like(one) for one in like])


def _only(asked: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: asked[name] for name in names}


def _judged(
    library: Path,
    engine: SearchEngine,
    text: str,
    relevant: Sequence[str],
    irrelevant: Sequence[str],
    no_thumbs: bool,
) -> Judged:
    """The thumbs to ask with: those that are given, which are kept, and those kept earlier.

    Without words there is nothing to keep them by: they hold for this answer.
    """
    from indexer.store.notes import Notes
    from search.moment_ref import MomentRef
    from search.thumbs import Judged, Thumbs

    given = Judged(
        tuple(MomentRef.parse(one) for one in relevant),
        tuple(MomentRef.parse(one) for one in irrelevant),
    )
    if no_thumbs or not text:
        return given
    with Notes(library) as notes:
        thumbs = Thumbs(engine, notes.judgements)
        for one in given.relevant:
            thumbs.put(text, one, relevant=True)
        for one in given.irrelevant:
            thumbs.put(text, one, relevant=False)
        return thumbs.of(text)


def _answer_lines(
    engine: SearchEngine,
    lines: Sequence[str],
    count: int,
    channels: Sequence[str],
    filters: Filters,
    asked: dict[str, Any],
) -> None:
    """A line of JSON for each of `lines`, in order."""
    arranged = _only(asked, _ARRANGED)
    for start in range(0, len(lines), _BATCH):
        some = lines[start : start + _BATCH]
        for result in engine.search_texts(some, count, channels, filters, **arranged):
            click.echo(json.dumps(result.to_json()))


def _names(channels: str) -> list[str]:
    return [name.strip() for name in channels.split(",") if name.strip()]
