"""Filters that are typed in the question, and filters that are given beside it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from indexer.store.filters import Filters
from search.errors import InvalidQuery
from search.filters import refuse_the_impossible
from search.language.fields import FILTER_FIELDS

_FIELDS = {
    "longer_s": "longer",
    "shorter_s": "shorter",
    "min_lines": "min_resolution",
    "max_lines": "max_resolution",
}
"""Attribute of `Filters` -> its name in `parse_filters`, where they differ."""


def merge_filters(typed: Filters, given: Filters) -> Filters:
    """All of both. Raises InvalidQuery where they want different things of one kind."""
    merged: dict[str, Any] = {"tags": tuple(dict.fromkeys((*typed.tags, *given.tags)))}
    for field in fields(Filters):
        one, other = getattr(typed, field.name), getattr(given, field.name)
        if field.name == "tags" or other in ("", None) or one == other:
            continue
        if one not in ("", None):
            raise InvalidQuery(
                f"{_called(field.name)}: is in the question, and a filter beside it says something "
                "else. Leave one of them away."
            )
        merged[field.name] = other
    found = replace(typed, **merged)
    refuse_the_impossible(found)
    return found


def _called(attribute: str) -> str:
    """How a question writes it."""
    name = _FIELDS.get(attribute, attribute)
    return next(field for field, filtered in FILTER_FIELDS.items() if filtered == name)
