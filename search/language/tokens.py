"""Cuts a question into its parts, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

import regex

from search.errors import QuerySyntaxError
from search.language.fields import FIELDS, meant

_FIELD = regex.compile(r"(?P<without>[-−－])?(?P<name>[A-Za-z_]+):")
_QUOTE = '"“”„‟«»＂'
_SPACE = r"\s\x1c-\x1f"  # as str.split() has it
_CHUNK = regex.compile(
    rf"(?:(?<!\p{{N}})[{_QUOTE}][^{_QUOTE}]*[{_QUOTE}]|[^{_SPACE}{_QUOTE}]|[{_QUOTE}])++"
)
"""Up to a space that is in no quotes; 5" opens none, as in `search.words`."""
_BARE = regex.compile(rf"[^{_SPACE}]+")
_THEN = regex.compile(rf"(?:and[{_SPACE}]+)?then(?![^{_SPACE}])", regex.IGNORECASE)
_WITHIN = regex.compile(
    rf"within[{_SPACE}]+(?P<time>[0-9][0-9.:hms]*"
    rf"(?:[{_SPACE}]*(?:hours?|h|minutes?|mins?|m|seconds?|secs?|s)\b)?)"
    rf"(?=[{_SPACE}]*$|[{_SPACE}]+(?:(?:and[{_SPACE}]+)?then(?![^{_SPACE}])"
    rf"|[-−－]?(?:{'|'.join(FIELDS)}):))",
    regex.IGNORECASE,
)
"""Before the end, another step, or a field; elsewhere these are words."""


class Kind(Enum):
    """What a part of a question is."""

    WORDS = auto()
    FIELD = auto()
    THEN = auto()
    WITHIN = auto()


@dataclass(frozen=True)
class Token:
    """A part of a question, `text[start:end]`."""

    kind: Kind
    start: int
    end: int
    value: str
    """The words; of a field what follows its colon, of `within` the duration."""
    name: str = ""
    """Of a field, lower case."""
    without: bool = False
    """Whether a minus stands before the field."""
    is_open: bool = False
    """Whether the field's value begins after a space, and so may go on."""
    is_phrase: bool = False
    """Whether its value stands in quotes."""


def tokenize(text: str) -> Iterator[Token]:
    """The parts from the left. Raises QuerySyntaxError."""
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        token = _token(text, place)
        yield token
        place = token.end


def _token(text: str, start: int) -> Token:
    if then := _THEN.match(text, start):
        return Token(Kind.THEN, start, then.end(), then.group())
    if within := _WITHIN.match(text, start):
        return Token(Kind.WITHIN, start, within.end(), within["time"])
    field = _FIELD.match(text, start)
    if field and field["name"].lower() in FIELDS:
        return _field(text, field)
    word = _match(_CHUNK, text, start)
    if field and field.end() < word.end:
        _refuse_mistyped(text, field)
    return word


def _match(pattern: regex.Pattern[str], text: str, start: int) -> Token:
    """Words from `start` on, where no space is."""
    found = pattern.match(text, start)
    assert found is not None, "there is no space at its start"
    return Token(Kind.WORDS, start, found.end(), found.group())


def _field(text: str, field: regex.Match[str]) -> Token:
    start, at = field.start(), field.end()
    name, without = field["name"].lower(), bool(field["without"])
    opened = at
    while at < len(text) and text[at].isspace():
        at += 1
    if at == len(text):
        raise QuerySyntaxError(f"{name}: says nothing. Write a value after it.", text, start, at)
    is_open = at > opened
    if is_open and _begins_another(text, at):
        raise QuerySyntaxError(
            f"{name}: says nothing. Write a value after it, in quotes if this is one.",
            text,
            start,
            opened,
        )
    if text[at] in _QUOTE:
        value, end = _quoted(text, at)
        return Token(Kind.FIELD, start, end, value, name, without, is_open, is_phrase=True)
    if text[at] == "(":
        value, end = _grouped(text, at)
        return Token(Kind.FIELD, start, end, value, name, without)
    word = _match(_BARE, text, at)
    return Token(Kind.FIELD, start, word.end, word.value, name, without, is_open)


def _begins_another(text: str, at: int) -> bool:
    """Whether a field or a step begins here, and so no value."""
    field = _FIELD.match(text, at)
    return bool(_THEN.match(text, at) or (field and field["name"].lower() in FIELDS))


def _quoted(text: str, at: int) -> tuple[str, int]:
    """What stands in quotes from `at`, and where it ends; with what follows without a space."""
    end = next((i for i in range(at + 1, len(text)) if text[i] in _QUOTE), None)
    if end is None:
        raise QuerySyntaxError("The quote is not closed.", text, at, len(text))
    rest = _BARE.match(text, end + 1)
    after = "" if rest is None else rest.group()
    return text[at + 1 : end] + after, end + 1 + len(after)


def _grouped(text: str, at: int) -> tuple[str, int]:
    """What stands in parentheses from `at`, and where it ends."""
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] == "(") - (text[i] == ")")
        if depth == 0:
            return text[at + 1 : i], i + 1
    raise QuerySyntaxError("The parenthesis is not closed.", text, at, len(text))


def _refuse_mistyped(text: str, field: regex.Match[str]) -> None:
    name = field["name"].lower()
    if likely := meant(name):
        raise QuerySyntaxError(
            f"There is no field {name}: — did you mean {likely}:? "
            "Put it in quotes if these are words.",
            text,
            field.start(),
            field.end(),
        )
