"""`videobert demo`: a few short videos to try the search on, for who has none at hand."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def demo(folder: Path) -> None:
    """Write eight short demo videos, with subtitles, into FOLDER.

    They are camera moves over photographs that anyone may share. What is there already is left
    alone. Needs scikit-image, which carries the photographs.

    Example: videobert demo ~/videobert-demo && videobert index ~/videobert-demo
    """
    from indexer.demo.collection import write_demo
    from indexer.demo.stories import STORIES

    written = write_demo(folder, STORIES)
    kept = len(STORIES) - len(written)
    total_s = sum(story.duration_s for story in STORIES)
    click.echo(
        f"{folder}: {len(written)} videos written, {kept} were there already; "
        f"{total_s:.0f} s of video in all. Their sources are in DEMO.md."
    )
    click.echo("Once they are indexed, try to search for")
    for story in STORIES:
        for shot in story.shots:
            for query in shot.queries:
                click.echo(f"    {query}")
