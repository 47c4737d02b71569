"""The filters of a question."""

from __future__ import annotations

from typing import Any

from indexer.store.filters import Filters
from search.errors import InvalidQuery, QuerySyntaxError
from search.filters import parse_filters
from search.language.fields import FILTER_FIELDS
from search.language.tokens import Token


class FilterFields:
    """Collects them as they are read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._typed: dict[str, Any] = {}

    def add(self, token: Token) -> None:
        """One more. Raises QuerySyntaxError when it is not in its form, or the second of its kind.

        Tags may be several.
        """
        name = FILTER_FIELDS[token.name]
        if token.without:
            self._refuse(token, "A filter cannot be turned round. Leave the minus away.")
        if not token.value.strip():
            self._refuse(token, f"{token.name}: says nothing. Write a value after it.")
        if name in self._typed and name != "tags":
            self._refuse(token, f"{token.name}: is there already. Leave one of them away.")
        value: Any = [token.value] if name == "tags" else token.value
        try:
            parse_filters(**{name: value})
        except InvalidQuery as error:
            self._refuse(token, str(error))
        self._typed[name] = [*self._typed.get(name, []), *value] if name == "tags" else value

    def filters(self) -> Filters:
        """All of them. Raises InvalidQuery where no video could fit."""
        return parse_filters(**self._typed)

    def _refuse(self, token: Token, why: str) -> None:
        raise QuerySyntaxError(why, self._text, token.start, token.end)
