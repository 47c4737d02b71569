"""A search's answer as a file for other programs: spreadsheets, scripts, editors, players."""

from __future__ import annotations

from search.errors import InvalidQuery
from search.exports.csv_file import csv_text
from search.exports.edl_file import FPS, MOST_EVENTS, MOST_FPS, edl_text
from search.exports.export_format import ExportFormat
from search.exports.json_file import json_text
from search.exports.m3u_file import m3u_text
from search.results import SearchResult

__all__ = ["FORMATS", "FPS", "MOST_FPS", "ExportFormat", "export"]

FORMATS: dict[str, ExportFormat] = {
    "json": ExportFormat(json_text, "application/json", ".json"),
    "csv": ExportFormat(csv_text, "text/csv", ".csv"),
    "edl": ExportFormat(edl_text, "text/plain", ".edl", most=MOST_EVENTS, counts_frames=True),
    "m3u": ExportFormat(m3u_text, "audio/x-mpegurl", ".m3u8"),
}
"""By name, as commands and the API take it."""


def export(
    result: SearchResult,
    format: str,  # noqa: A002 - as the option is called
    fps: int = FPS,
) -> str:
    """`result` in one of `FORMATS`, to be written as UTF-8. Raises InvalidQuery for another.

    `fps`, 1 to `MOST_FPS`, is the frame rate of a cut list; the others have none. Of videos that
    are shown once, the further moments follow the best one with its rank.
    """
    if format not in FORMATS:
        raise InvalidQuery(f"There is no format {format!r}. Choose from {', '.join(FORMATS)}.")
    if not 1 <= fps <= MOST_FPS:
        raise InvalidQuery(f"The frame rate must be a whole number from 1 to {MOST_FPS}.")
    return FORMATS[format].text(result, fps)
