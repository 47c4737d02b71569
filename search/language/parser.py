"""Reads a question."""

from __future__ import annotations

from search.errors import InvalidQuery, QuerySyntaxError
from search.language.draft import Draft
from search.language.fields import FILTER_FIELDS, LIKE
from search.language.filtering import FilterFields
from search.language.tokens import Kind, Token, tokenize
from search.quantities import parse_duration
from search.query import clean_text, parse_like
from search.question import Clause, Example, Question, Step
from search.words import parse_words

WITHIN_S = 30.0
"""Between two steps, where nothing is said of it."""


def parse_question(text: str, *, beside_examples: bool = False) -> Question:
    """What a question asks. Raises InvalidQuery; QuerySyntaxError where one part is wrong.

    Beside clips, pictures or moments it may only say what they must not have: "-dog".
    """
    clean_text(text)
    reader = _Reader(text, beside_examples)
    for token in tokenize(text):
        reader.read(token)
    return reader.question()


def plain_question(text: str) -> Question:
    """The same of words that have no fields and no steps, such as captions. Raises InvalidQuery."""
    return Question(text, (Step((Clause(parse_words(text)),)),))


class _Reader:
    def __init__(self, text: str, beside_examples: bool) -> None:
        self._text = text
        self._filters = FilterFields(text)
        self._drafts = [Draft(0, has_examples=beside_examples)]

    def read(self, token: Token) -> None:
        """One more part."""
        if token.kind is Kind.THEN:
            self._then(token)
            return
        draft = self._drafts[-1]
        if token.kind is Kind.WORDS:
            draft.add_words(token.value)
        elif token.kind is Kind.WITHIN:
            self._within(draft, token)
        else:
            self._field(draft, token)
        draft.end = token.end

    def question(self) -> Question:
        """All that was read. Raises InvalidQuery."""
        drafts = self._drafts
        if len(drafts) > 1 and drafts[-1].is_empty:  # nothing comes then: it is a word
            last = drafts.pop()
            drafts[-1].add_words(self._text[last.then : last.start])
        steps = [self._step(draft) for draft in drafts if not draft.is_empty]
        gaps = [WITHIN_S if d.within_s is None else d.within_s for d in drafts[1:]]
        return Question(self._text, tuple(steps), tuple(gaps), self._filters.filters())

    def _step(self, draft: Draft) -> Step:
        try:
            return draft.step(self._text)
        except QuerySyntaxError:
            raise
        except InvalidQuery as error:
            if len(self._drafts) == 1:
                raise
            typed = self._text[draft.start : draft.end].lstrip()
            raise self._error(str(error), draft.end - len(typed), draft.end) from None

    def _then(self, token: Token) -> None:
        draft = self._drafts[-1]
        if draft.is_empty:  # after nothing: it is a word
            draft.add_words(token.value)
            draft.end = token.end
        else:
            self._drafts.append(Draft(token.end, token.start))

    def _within(self, draft: Draft, token: Token) -> None:
        start, end = token.start, token.end
        if len(self._drafts) == 1:  # of one thing: these are words
            draft.add_words(self._text[start:end])
        elif draft.is_empty:
            raise self._error("Nothing to look for stands before this. Write a word.", start, end)
        elif draft.within_s is not None:
            raise self._error("The time between these two is there already.", start, end)
        else:
            draft.within_s = self._duration(token)

    def _duration(self, token: Token) -> float:
        try:
            return parse_duration(token.value)
        except InvalidQuery as error:
            raise self._error(str(error), token.start, token.end) from None

    def _field(self, draft: Draft, token: Token) -> None:
        if token.name in FILTER_FIELDS:
            draft.close()
            self._filters.add(token)
        elif token.name == LIKE:
            draft.close()
            draft.examples.append(self._example(token))
        else:
            draft.add_field(token)

    def _example(self, token: Token) -> Example:
        try:
            return parse_like(token.value, wanted=not token.without)
        except InvalidQuery:
            raise self._error(
                "like: takes VIDEO@SECONDS, such as like:holiday.mp4@12.5 or "
                'like:"my holiday.mp4"@1:30.',
                token.start,
                token.end,
            ) from None

    def _error(self, why: str, start: int, end: int) -> QuerySyntaxError:
        return QuerySyntaxError(why, self._text, start, end)
