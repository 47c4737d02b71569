"""The query language."""

from __future__ import annotations

from indexer.store.filters import Filters
from search.question import Clause, Question, Step
from search.words import parse_words


def parse_question(text: str) -> Question:
    """Raises InvalidQuery."""
    return plain_question(text)


def plain_question(text: str) -> Question:
    """Plain words. Raises InvalidQuery."""
    return Question(text, (Step((Clause(parse_words(text)),)),))


def merge_filters(typed: Filters, given: Filters) -> Filters:
    """Both."""
    return typed or given
