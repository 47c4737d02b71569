"""A folder of demo videos."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from indexer.demo.film import is_complete, render
from indexer.demo.papers import credits_page, subtitles
from indexer.demo.scenes import Story
from indexer.store.atomic import write_atomically


def write_demo(folder: Path, stories: Sequence[Story]) -> list[Path]:
    """Bring `folder` to hold the videos of `stories`, with subtitles and DEMO.md.

    Returns the videos that were not there yet, or not whole. Raises IndexerError when the
    photographs cannot be had, OSError when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {folder / f"{story.name}.mp4": story for story in stories}
    missing = [path for path, story in paths.items() if not is_complete(story, path)]
    for path in tqdm(missing, "rendering", unit=" videos", leave=False, disable=None):
        _render_atomically(paths[path], path)
    for path, story in paths.items():
        _write_text(path.with_suffix(".srt"), subtitles(story))
    _write_text(folder / "DEMO.md", credits_page(stories))
    return missing


def _render_atomically(story: Story, path: Path) -> None:
    """A video appears whole or not at all, also when Ctrl-C ends the rendering."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        render(story, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write_text(path: Path, text: str) -> None:
    content = text.encode()
    if not path.is_file() or path.read_bytes() != content:
        write_atomically(path, content)
