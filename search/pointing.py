"""A line of text, and under it marks at a part of it."""

from __future__ import annotations

from unicodedata import category, east_asian_width


def pointed(text: str, start: int, end: int) -> str:
    """`text` on one line, and a line that marks `text[start:end]`, or where it would be.

    As terminals count columns: Chinese letters have two, accents none. What would break the line,
    or play tricks on a terminal, is a space or nothing.
    """
    before, part = _columns(text[:start]), _columns(text[start:end])
    return f"{_line(text)}\n{' ' * before}{'^' * max(1, part)}"


def _line(text: str) -> str:
    return "".join(" " if _is_gap(c) else c for c in text if category(c) != "Cf")


def _columns(text: str) -> int:
    return sum(
        2 if east_asian_width(c) in "WF" else 1
        for c in text
        if category(c) not in ("Cf", "Mn", "Me")
    )


def _is_gap(character: str) -> bool:
    return character.isspace() or category(character)[0] == "C"
