"""The names that may stand before a colon."""

from __future__ import annotations

from search.evidence import NAME, PICTURE, SCREEN, SPEECH

LIKE = "like"
CHANNEL_FIELDS = {
    "said": SPEECH,
    "says": SPEECH,
    "shown": PICTURE,
    "shows": PICTURE,
    "screen": SCREEN,
    "named": NAME,
    "name": NAME,
    "title": NAME,
}
"""Field -> the channel that its words are looked for in."""
FILTER_FIELDS = {
    "in": "folder",
    "tag": "tags",
    "after": "after",
    "before": "before",
    "longer": "longer",
    "shorter": "shorter",
    "res": "min_resolution",
    "min_resolution": "min_resolution",
    "max_resolution": "max_resolution",
    "codec": "codec",
    "format": "container",
    "container": "container",
    "camera": "camera",
    "lang": "language",
    "language": "language",
    "near": "near",
}
"""Field -> its name in `search.filters.parse_filters`."""
FIELDS = (LIKE, *CHANNEL_FIELDS, *FILTER_FIELDS)
_LEAST = 4
"""Letters of a name that one may have mistyped; shorter ones are near to too many words."""


def meant(name: str) -> str | None:
    """The field that was probably meant by a name that is none; None for what is just a word."""
    if len(name) < _LEAST:
        return None
    near = (field for field in FIELDS if len(field) >= _LEAST and _is_near(name, field))
    return next(near, None)


def _is_near(one: str, other: str) -> bool:
    """Whether one letter was added, left out, changed, or swapped with the next."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True  # one goes on by a letter
    rest, other_rest = one[start:], other[start:]
    return (
        rest[1:] == other_rest[1:]
        or rest[1:] == other_rest
        or rest == other_rest[1:]
        or (rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:])
    )
