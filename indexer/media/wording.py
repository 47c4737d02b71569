"""Text from files of strangers, fit to be stored and shown."""

from __future__ import annotations

import re

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Lone surrogates too: no database takes them."""


def tidy(text: str, most: int) -> str:
    """At most `most` characters, without control characters and needless spaces; lines are kept."""
    text = text[: 4 * most].replace("\r\n", "\n").replace("\r", "\n")  # bounds the work, too
    lines = (" ".join(line.split()) for line in _CONTROLS.sub("", text).split("\n"))
    return "\n".join(lines).strip()[:most].rstrip()


def one_line(text: str, most: int) -> str:
    """Like `tidy`, on a single line."""
    return " ".join(tidy(text, most).split())
