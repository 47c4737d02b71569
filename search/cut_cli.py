"""`videobert cut`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.options import json_option, library_option
from search.table import shown

if TYPE_CHECKING:
    from indexer.media.cutting import Cut, CutTarget
    from indexer.store.records import VideoRecord
    from search.library_view import LibraryView
    from search.moment_ref import MomentRef


@click.command()
@click.argument("moments", nargs=-1, required=True, metavar="VIDEO@START-END...")
@click.option(
    "-o",
    "--output",
    default=".",
    show_default="this folder",
    metavar="FILE|FOLDER",
    help="Where to; a folder ends with / or is there.",
)
@click.option("--fast", is_flag=True, help="Copy, from the key picture before the start on.")
@click.option("--force", is_flag=True, help="Overwrite what is there.")
@library_option
@json_option
def cut(
    moments: tuple[str, ...], output: str, fast: bool, force: bool, library: Path, as_json: bool
) -> None:
    """Write moments of videos as files of their own.

    A moment is named as results name theirs: 17@12.5-18 or holiday.mp4@12.5-18. The file's own
    packets are copied where that is exact, else the moment is encoded again as MP4; it is said
    which. Exit status 1 when a moment could not be cut; the others are.

    Example: videobert cut holiday.mp4@12.5-18 -o moments/
    """
    from indexer.store.library import Library
    from search.library_view import LibraryView
    from search.moment_ref import MomentRef

    refs = [MomentRef.parse(moment) for moment in moments]  # before anything is written
    if len(refs) > 1 and not _is_folder(output):
        raise click.UsageError("Several moments go to a folder: give one with -o, ending with /.")
    with LibraryView(Library.open(library)) as view:
        done = list(_cut_all(view, refs, output, fast, force, as_json))
    if len(done) < len(refs):
        sys.exit(1)


def _cut_all(
    view: LibraryView,
    refs: Sequence[MomentRef],
    output: str,
    fast: bool,
    force: bool,
    as_json: bool,
) -> Iterator[Cut]:
    """Those that can be cut; of the others it is said why not."""
    from indexer.errors import IndexerError
    from search.cuts import cut_moment
    from search.errors import SearchError

    for ref in refs:
        try:
            video = ref.find(view)
            target = _target(video, ref, output, force)
            made = cut_moment(video, ref.start_s, ref.end_s, target, fast=fast)
        except (IndexerError, SearchError, OSError) as error:
            if len(refs) == 1:
                raise
            click.echo(f"videobert: {ref}: {error}", err=True)
            continue
        click.echo(json.dumps({"moment": str(ref), **made.to_json()}) if as_json else _told(made))
        yield made


def _target(video: VideoRecord, ref: MomentRef, output: str, force: bool) -> CutTarget:
    from indexer.media.cutting import CutTarget
    from search.cuts import stem_of

    path = Path(output)
    if _is_folder(output):
        return CutTarget(path, stem_of(video, ref.start_s, ref.end_s), overwrite=force)
    if not path.suffix:
        raise click.UsageError(f"{output}: give the file an extension, such as .mp4.")
    return CutTarget(path.parent, path.stem, path.suffix, overwrite=force)


def _is_folder(output: str) -> bool:
    return output.endswith(os.sep) or Path(output).is_dir()


def _told(made: Cut) -> str:
    how = "copied" if made.copied else f"encoded again: {made.reason}"
    return f"{shown(os.fspath(made.path))}  {made.start_s:.2f}–{made.end_s:.2f} s, {how}"
