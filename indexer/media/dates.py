"""When something was recorded or published, from what files say about it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

EARLIEST_YEAR = 1888
"""Of the first film."""
EARLIEST_FILE_YEAR = 1991
"""Of the first version of QuickTime: no program stamped a video earlier."""
_TOMORROW = timedelta(days=1)
"""Clocks may be in another time zone, and say nothing of it."""
_ZEROS = (datetime(2001, 1, 1, tzinfo=UTC),)
"""What a clock that was never set shows: Matroska's. QuickTime's and Unix' are too early anyway."""

_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d))?")
_EXIF = re.compile(r"(\d{4}):(\d\d):(\d\d)(?=\D|$)")


def parse_date(text: str) -> datetime | None:
    """An ISO 8601 date or time, or a part such as "1999" or "1999-05": its first moment, in UTC.

    EXIF's colons are read too. A time that names no zone is taken for UTC. None for anything else.
    """
    text = _EXIF.sub(r"\1-\2-\3", text.strip())
    try:
        if partial := _PARTIAL.fullmatch(text):
            return datetime(int(partial[1]), int(partial[2] or 1), 1, tzinfo=UTC)
        time = datetime.fromisoformat(text)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def stated_time(text: str, now: datetime) -> datetime | None:
    """A time that a person may have written down; None for the future, and before all film."""
    time = parse_date(text)
    return time if time and time.year >= EARLIEST_YEAR and time <= now + _TOMORROW else None


def stamped_time(text: str, now: datetime) -> datetime | None:
    """A time that a program stamped; None also where its clock was not set, as in 1904 or 1970."""
    time = stated_time(text, now)
    return time if time and time.year >= EARLIEST_FILE_YEAR and time not in _ZEROS else None
