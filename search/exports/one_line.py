"""Text for formats in which a line is a record."""

from __future__ import annotations

from unicodedata import category

_BREAKS = ("Cc", "Zl", "Zp")


def one_line(text: str) -> str:
    """`text` with each run of white space, line breaks and control characters as one space."""
    return " ".join("".join(" " if category(c) in _BREAKS else c for c in text).split())
