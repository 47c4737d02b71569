"""Reads what people type for durations, dates, resolutions and places."""

from __future__ import annotations

import re
from datetime import datetime

from indexer.media.dates import parse_date
from indexer.store.filters import Near
from search.errors import InvalidQuery

LONGEST_S = 1e7
"""116 days; nothing that is longer was meant."""
MOST_LINES = 100_000
DEFAULT_RADIUS_KM = 10.0
FARTHEST_KM = 20_038.0
"""Half of the equator: the whole earth is within it."""

_NUMBER = r"(\d+(?:\.\d+)?)"
_UNITS = re.compile(
    rf"(?:{_NUMBER}\s*h(?:ours?|rs?)?)?\s*"
    rf"(?:{_NUMBER}\s*m(?:in(?:ute)?s?)?)?\s*"
    rf"(?:{_NUMBER}\s*s(?:ec(?:ond)?s?)?)?",
    re.ASCII,
)
_PLAIN = re.compile(rf"()(){_NUMBER}", re.ASCII)
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):([0-5]?\d(?:\.\d+)?)", re.ASCII)
_LINES = re.compile(r"(\d{2,6})\s*(?:p|i|px|lines)?", re.ASCII)
_SIZE = re.compile(r"(\d{2,6})\s*[x×]\s*(\d{2,6})", re.ASCII)
_NAMED_LINES = {"sd": 480, "hd": 720, "full hd": 1080, "fhd": 1080, "qhd": 1440}
_NAMED_LINES |= {"4k": 2160, "uhd": 2160, "8k": 4320}
_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:[T ][\d:.+Z-]+)?)?)?", re.ASCII)
_DEGREES = r"([+-]?\d{1,3}(?:\.\d+)?)"
_PLACE = re.compile(
    rf"{_DEGREES}\s*[,;\s]\s*{_DEGREES}(?:\s*[,;\s]\s*{_NUMBER}\s*(km|m)?)?", re.ASCII
)


def parse_duration(text: str) -> float:
    """Seconds: "90", "90s", "10m", "1h30m", "1:30", "1:02:03". Raises InvalidQuery."""
    typed = text.strip().lower()
    found = _CLOCK.fullmatch(typed) or _PLAIN.fullmatch(typed) or _UNITS.fullmatch(typed)
    if found is None or not any(found.groups()):
        raise InvalidQuery(f"{text!r} is no duration. Write it like 90s, 10m, 1h30m or 1:30.")
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    total_s = 3600 * hours + 60 * minutes + seconds
    if total_s > LONGEST_S:
        raise InvalidQuery(f"{text!r} is longer than any video. Write it like 90s, 10m or 1:30.")
    return total_s


def parse_day(text: str) -> datetime:
    """The first moment, in UTC, of a year, month, day or time in ISO 8601. Raises InvalidQuery."""
    typed = text.strip()
    day = parse_date(typed) if _DAY.fullmatch(typed) else None
    if day is None:
        raise InvalidQuery(f"{text!r} is no date. Write it like 2024, 2024-01 or 2024-01-31.")
    return day


def parse_lines(text: str) -> int:
    """Lines of a picture: "720p", "1080", "4k", "1920x1080". Raises InvalidQuery."""
    typed = " ".join(text.lower().split())
    if typed in _NAMED_LINES:
        return _NAMED_LINES[typed]
    if size := _SIZE.fullmatch(typed):
        short, long = sorted((int(size[1]), int(size[2])))
        return max(short, long * 9 // 16)  # see `Filters.min_lines`
    lines = _LINES.fullmatch(typed)
    if lines is None or not 0 < int(lines[1]) <= MOST_LINES:
        raise InvalidQuery(f"{text!r} is no resolution. Write it like 720p, 1920x1080 or 4k.")
    return int(lines[1])


def parse_near(text: str) -> Near:
    """LATITUDE,LONGITUDE or LATITUDE,LONGITUDE,RADIUS, in degrees and km. Raises InvalidQuery.

    A radius may be given in metres ("500m"); by default it is `DEFAULT_RADIUS_KM`.
    """
    place = _PLACE.fullmatch(text.strip().lower())
    if place is None:
        raise InvalidQuery(
            f"{text!r} is no place. Write latitude, longitude and how far around: 48.858,2.294,5km."
        )
    latitude, longitude = float(place[1]), float(place[2])
    radius_km = float(place[3] or DEFAULT_RADIUS_KM) / (1000 if place[4] == "m" else 1)
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise InvalidQuery(
            f"{text!r} is no place on earth. Write the latitude first, -90 to 90, then the "
            "longitude, -180 to 180."
        )
    return Near(latitude, longitude, min(radius_km, FARTHEST_KM))
