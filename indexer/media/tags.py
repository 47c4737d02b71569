"""Tags: the words by which a video was filed, in whatever file they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable

from indexer.media.wording import one_line

MOST_TAGS = 200
"""Of one video; the first ones are kept."""
MOST_CHARACTERS = 100

_SEPARATOR = re.compile(r"[;,|\n]")


def tag_key(tag: str) -> str:
    """What two spellings of a tag have in common; "" for what is no tag."""
    return one_line(tag, MOST_CHARACTERS).lstrip("#").strip().casefold()[:MOST_CHARACTERS]


def split_tags(text: str) -> list[str]:
    """The tags in a list such as "Holiday; beach, Crete"."""
    return _SEPARATOR.split(text)


def united(tags: Iterable[str]) -> tuple[str, ...]:
    """Each tag once, as it is spelt first, in order."""
    found: dict[str, str] = {}
    for tag in tags:
        if (key := tag_key(tag)) and len(found) < MOST_TAGS:
            found.setdefault(key, one_line(tag, MOST_CHARACTERS).lstrip("#").strip())
    return tuple(found.values())
