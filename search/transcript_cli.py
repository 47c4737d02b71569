"""`videobert transcript`: what is said in a video."""

from __future__ import annotations

import json
from pathlib import Path

import click

from indexer.options import json_option, library_option


@click.command()
@click.argument("video")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["srt", "vtt", "text"]),
    default="text",
    show_default=True,
    help="How it is printed.",
)
@click.option("--language", default="", metavar="CODE", help="Which, where there are several.")
@library_option
@json_option
def transcript(video: str, kind: str, language: str, library: Path, as_json: bool) -> None:
    """What is said in a video of the library, by subtitles or speech recognition.

    VIDEO is its path, or a file name that only one has.

    Example: videobert transcript talk.mp4 --format srt > talk.srt
    """
    from indexer.media.subtitle_writing import srt_text, webvtt_text
    from indexer.store.library import Library
    from search.library_view import LibraryView
    from search.transcripts import transcript_of

    with LibraryView(Library.open(library)) as view:
        found = transcript_of(view, view.find(video), language)
    if as_json:
        cues = [vars(cue) for cue in found.cues]
        about = {"video": video, "language": found.language, "source": found.name}
        click.echo(json.dumps({**about, "cues": cues}))
    elif kind == "text":
        click.echo("\n".join(cue.text for cue in found.cues))
    else:
        click.echo(srt_text(found) if kind == "srt" else webvtt_text(found), nl=False)
