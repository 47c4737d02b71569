"""CSV (RFC 4180): a row a moment, for spreadsheets and scripts."""

from __future__ import annotations

import csv
from io import StringIO

from search.evidence import CHANNELS
from search.exports.ranked import ranked
from search.results import Moment, SearchResult
from search.scores import rounded

HEADER = ("rank", "id", "video", "start_s", "end_s", "score", "title", *CHANNELS)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_text(result: SearchResult) -> str:
    """Rows under `HEADER`, CRLF at the end of each; a channel that gave nothing is empty.

    A path or title that a spreadsheet would run as a formula has an apostrophe before it.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(_row(rank, moment) for rank, moment in ranked(result))
    return text.getvalue()


def _row(rank: int, moment: Moment) -> list[str]:
    shares = (moment.channels.get(channel) for channel in CHANNELS)
    return [
        str(rank),
        moment.id,
        _harmless(moment.video),
        f"{moment.start_s:.3f}",
        f"{moment.end_s:.3f}",
        str(rounded(moment.score)),
        _harmless(moment.title),
        *("" if share is None else str(rounded(share)) for share in shares),
    ]


def _harmless(text: str) -> str:
    # Some programs look behind leading spaces too.
    runs = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if runs else text
