"""`videobert evaluate`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.options import json_option, library_option
from search.cli import channels_option, rerank_option
from search.table import shown

if TYPE_CHECKING:
    from search.bootstrap import Difference
    from search.evaluation import Evaluation
    from search.moment_evaluation import MomentFigures

_existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_new_file = click.Path(dir_okay=False, path_type=Path)
_TITLES = {"r1": "R@1", "r5": "R@5", "r10": "R@10", "mrr": "MRR", "ndcg10": "nDCG@10", "map": "mAP"}
_MOMENT_TITLES = {"r1_iou50": "R@1, IoU .5", "r1_iou70": "R@1, IoU .7", "map_iou50": "mAP, IoU .5"}


@click.command()
@click.argument("pairs", type=_existing_file, required=False)
@click.option("--saved", is_flag=True, help="Ask the saved queries for what they have to find.")
@click.option("--run", "run_file", type=_new_file, help="Write what was found, as TREC does.")
@click.option("--qrels", "qrels_file", type=_new_file, help="Write what was wanted, as TREC does.")
@click.option("--compare", "other", type=_existing_file, help="Beside the run in this file.")
@channels_option
@rerank_option
@library_option
@json_option
def evaluate(
    pairs: Path | None,
    saved: bool,
    run_file: Path | None,
    qrels_file: Path | None,
    other: Path | None,
    channels: str,
    rerank: float | None,
    library: Path,
    as_json: bool,
) -> None:
    """How well the `video,caption` pairs in a CSV are found: how often a caption finds its video.

    With 95 % intervals. Columns start_s and end_s, in seconds, say which moment is meant.

    \b
    Example: videobert evaluate captions.csv --run before.run
             videobert evaluate captions.csv --compare before.run
             videobert evaluate --saved
    """
    if (pairs is None) != saved:
        raise click.UsageError("Give PAIRS, or --saved.")
    if pairs is None:
        _evaluate_saved(library, rerank, as_json)
        return
    from search.engine import SearchEngine
    from search.evaluation import evaluate as ask
    from search.evaluation import read_pairs
    from search.trec import read_run

    wanted = read_pairs(pairs)
    earlier = None if other is None else read_run(other)  # before anything is asked
    asked = [name.strip() for name in channels.split(",") if name.strip()]
    with SearchEngine.open(library, rerank=rerank) as engine:
        found = ask(engine, wanted, pairs.parent, asked)
    _keep(found, run_file, qrels_file)
    compared = None if earlier is None else found.against(earlier)
    click.echo(_as_json(found, compared) if as_json else "\n".join(_table(found, compared)))
    if found.missing:
        click.echo(_missing(found.missing), err=True)
        sys.exit(1)


def _keep(found: Evaluation, run_file: Path | None, qrels_file: Path | None) -> None:
    from search.trec import write_qrels, write_run

    if run_file is not None:
        write_run(run_file, found.run)
    if qrels_file is not None:
        write_qrels(qrels_file, found.qrels)


def _evaluate_saved(library: Path, rerank: float | None, as_json: bool) -> None:
    from indexer.store.notes import Notes
    from search.engine import SearchEngine
    from search.saved_evaluation import evaluate_saved, mean_recall, to_json

    with Notes(library) as notes:
        queries = notes.saved_queries.list()
    with SearchEngine.open(library, rerank=rerank) as engine:
        figures = evaluate_saved(engine, queries)
    if as_json:
        click.echo(json.dumps(to_json(figures)))
        return
    for one in figures:
        gone = f", {one.gone} no longer in the library" if one.gone else ""
        click.echo(f"{shown(one.name)}: {one.found} of {one.expected} among the best 10{gone}")
    recall = mean_recall(figures)
    if recall is None:
        click.echo("No saved query expects anything. See `videobert query expect`.")
    else:
        click.echo(f"mean recall {recall:.3f} over {len(figures)} saved queries")


def _as_json(found: Evaluation, compared: Mapping[str, Difference] | None) -> str:
    figures = found.to_json()
    if compared is not None:
        figures["compared"] = {name: one.to_json() for name, one in compared.items()}
    return json.dumps(figures)


def _table(found: Evaluation, compared: Mapping[str, Difference] | None) -> list[str]:
    rows = [f"{'':14}value   95 % interval"]
    rows += [
        _row(title, getattr(found, name), found.intervals[name]) for name, title in _TITLES.items()
    ]
    rows.append(f"{'median rank':14}{found.median_rank:g}")
    rows.append(f"over {found.queries} pairs, {len(found.qrels)} queries")
    if found.moments is not None:
        rows += ["", *_moment_rows(found.moments)]
    if compared is not None:
        rows += ["", f"{'':14}less the other run, 95 % interval"]
        rows += [_difference(title, compared[name]) for name, title in _TITLES.items()]
    return rows


def _moment_rows(moments: MomentFigures) -> list[str]:
    rows = [
        _row(title, moments.means[name], moments.intervals[name])
        for name, title in _MOMENT_TITLES.items()
    ]
    queries = "1 query" if moments.queries == 1 else f"{moments.queries} queries"
    return [*rows, f"over {queries} for a moment"]


def _row(title: str, value: float, interval: tuple[float, float]) -> str:
    return f"{title:14}{value:.3f}   {interval[0]:.3f} to {interval[1]:.3f}"


def _difference(title: str, one: Difference) -> str:
    interval = f"{one.low:+.3f} to {one.high:+.3f}"
    return f"{title:14}{one.value:+.3f}   {interval}   p {one.p:.4f}   {one.verdict}"


def _missing(videos: Sequence[str]) -> str:
    verb = "video is" if len(videos) == 1 else "videos are"
    names = ", ".join(map(shown, videos[:5])) + (", ..." if len(videos) > 5 else "")
    return f"{len(videos)} {verb} not in the library: {names}"
