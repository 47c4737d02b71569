"""A CSV of `video,caption`: what is trained on, and what the search is measured by."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import UnreadableFile
from indexer.textfiles import read_text


@dataclass(frozen=True)
class Caption:
    """A sentence, and the video that it describes, as it is written."""

    video: str
    text: str
    line: int = field(default=0, compare=False)
    """Where its row begins, from 1; 0 is no file."""
    start_s: float | None = None
    end_s: float | None = None
    """Seconds, `0 <= start_s < end_s`, where it describes a moment of the video; else both None."""


def read_captions(path: Path) -> list[Caption]:
    """Rows of a CSV that has the columns `video` and `caption`; there is at least one.

    It may have `start_s` and `end_s` too, empty where a caption is about the whole video.
    Raises UnreadableFile, which names the line and says how to correct it.
    """
    rows = _rows(path)
    _, columns = next(rows, (1, []))
    if not {"video", "caption"} <= set(columns):
        reason = f"needs the columns video and caption, has {columns}"
        raise UnreadableFile(f"{path}:1", reason, "Name them in its first line.")
    captions = [_caption(path, line, columns, row) for line, row in rows]
    if not captions:
        remedy = "Write a video and its caption in each line."
        raise UnreadableFile(path, "holds no pair", remedy)
    return captions


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV that are not blank, each with the line that it begins in."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    line = 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(
            f"{path}:{line}",
            f"the row that begins here is not CSV ({error})",
            'Close every quote, and write a quote inside of quotes twice: "".',
        ) from error


def _caption(path: Path, line: int, columns: list[str], row: list[str]) -> Caption:
    place = f"{path}:{line}"
    if len(row) < len(columns) or any(map(str.strip, row[len(columns) :])):
        raise UnreadableFile(
            place,
            f"has {len(row)} fields, the first line {len(columns)}",
            "Give a value for every column, and put one that holds a comma in double quotes.",
        )
    fields = dict(zip(columns, row, strict=False))
    if not fields["video"].strip(" \0"):
        raise UnreadableFile(place, "names no video", "Give the video's path.")
    text = " ".join(fields["caption"].split())
    if not text:
        remedy = "Describe the video in a few words, or drop the line."
        raise UnreadableFile(place, "has no caption", remedy)
    return Caption(fields["video"], text, line, *_moment(place, fields))


def _moment(place: str, fields: dict[str, str]) -> tuple[float | None, float | None]:
    """(start, end) in seconds, or (None, None)."""
    times = [fields.get(name, "").strip() for name in ("start_s", "end_s")]
    if not any(times) or not {"start_s", "end_s"} <= set(fields):
        return None, None
    try:
        start_s, end_s = map(float, times)
    except ValueError:
        start_s = end_s = math.nan
    if not 0 <= start_s < end_s < math.inf:
        remedy = "Write both in seconds, the start first, or leave both empty."
        raise UnreadableFile(place, f"names no moment from {times[0]!r} to {times[1]!r}", remedy)
    return start_s, end_s
