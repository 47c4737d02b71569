"""Places as cameras write them: ISO 6709, such as `+40.6894-074.0447+010.5/`."""

from __future__ import annotations

import re

_POINT = re.compile(
    r"\s*([+-])(\d{1,6})(\.\d*)?([+-])(\d{1,7})(\.\d*)?(?:[+-][\d.]*)?(?:CRS.*|/.*)?\s*"
)


def parse_place(text: str) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees, north and east positive; None for what is none.

    0, 0 is none either: cameras write it that do not know where they are.
    """
    point = _POINT.fullmatch(text)
    if point is None:
        return None
    latitude = _degrees(point[1], point[2], point[3] or "", whole=2)
    longitude = _degrees(point[4], point[5], point[6] or "", whole=3)
    if latitude is None or longitude is None or latitude == longitude == 0:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _degrees(sign: str, digits: str, fraction: str, whole: int) -> float | None:
    """Degrees of `whole` digits, then two of minutes and two of seconds, if there are so many."""
    sexagesimal, odd = divmod(max(0, len(digits) - whole), 2)
    if odd:
        return None
    parts = [digits[: len(digits) - 2 * sexagesimal]]
    parts += [digits[i : i + 2] for i in range(len(parts[0]), len(digits), 2)]
    values = [*map(float, parts[:-1]), float(parts[-1] + fraction)]
    if any(value >= 60 for value in values[1:]):
        return None
    total: float = sum(value / 60.0**i for i, value in enumerate(values))
    return -total if sign == "-" else total
