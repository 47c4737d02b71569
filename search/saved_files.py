"""Saved queries in a file, as `videobert query export` writes them."""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path
from typing import Any

from indexer.store.saved_queries import SavedQuery, clean_name
from indexer.store.stored_moment import StoredMoment
from search.errors import InvalidQuery
from search.language import parse_question


def read_saved(path: Path) -> list[SavedQuery]:
    """All of a file's queries, before any is entered. Raises InvalidQuery, SavedQueryError."""
    queries = _queries(path)
    for query in queries:
        try:
            parse_question(query.text)  # what cannot be asked is not kept
        except InvalidQuery as error:
            raise InvalidQuery(f"{path}: {query.name!r}: {error}") from error
    return queries


def _queries(path: Path) -> list[SavedQuery]:
    try:
        return [_query(one) for one in json.loads(path.read_text("utf-8"))]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidQuery(
            f"{path}: these are no saved queries ({error!r}). Take what `videobert query export` "
            "wrote."
        ) from error


def _query(one: dict[str, Any]) -> SavedQuery:
    expected = tuple(_moment(moment) for moment in one.get("expected", []))
    standing = one.get("standing", False)
    if not isinstance(standing, bool) or not isinstance(one["text"], str):
        raise TypeError("text or standing")
    return SavedQuery(clean_name(one["name"]), one["text"], standing, expected)


def _moment(one: dict[str, Any]) -> StoredMoment:
    start_s, end_s = float(one["start_s"]), float(one["end_s"])
    if not (0 <= start_s < end_s and isfinite(end_s)):
        raise ValueError("a moment has to end after it starts")
    return StoredMoment(str(one["content"]), start_s, end_s, str(one["path"]))
