"""M3U (extended, UTF-8): a playlist whose entries begin and end with the moments."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from urllib.parse import quote

from search.exports.one_line import one_line
from search.exports.ranked import ranked
from search.results import Moment, SearchResult
from search.table import clock


def m3u_text(result: SearchResult) -> str:
    """An entry a moment: length in whole seconds, title, times for VLC, and the file.

    A path that a line cannot hold is written as a file: address.
    """
    lines = ["#EXTM3U", "#EXTENC:UTF-8", f"#PLAYLIST:{one_line(result.query)}"]
    for _, moment in ranked(result):
        lines += _entry(moment)
    return "\n".join(lines) + "\n"


def _entry(moment: Moment) -> Iterator[str]:
    title = f"{one_line(moment.title)} {clock(moment.start_s)}–{clock(moment.end_s)}"
    yield f"#EXTINF:{ceil(moment.end_s - moment.start_s)},{title}"
    yield f"#EXTVLCOPT:start-time={moment.start_s:.3f}"
    yield f"#EXTVLCOPT:stop-time={moment.end_s:.3f}"
    yield _place(moment.video)


def _place(path: str) -> str:
    """Players strip a line, break it where Python would not, and take # for a comment."""
    holds = path == one_line(path) and not path.startswith("#") and "://" not in path
    return path if holds else f"file://{quote(path)}"
