"""A step as it is read, from the left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from indexer.words.query import WordQuery
from search.errors import InvalidQuery, QuerySyntaxError
from search.evidence import PICTURE
from search.language.fields import CHANNEL_FIELDS
from search.language.tokens import Token
from search.question import Clause, Example, Step
from search.words import read_words

_QUOTES = str.maketrans(dict.fromkeys('"“”„‟«»＂', " "))
_STARS = str.maketrans("", "", "*＊")


class ChannelWords:
    """Words that one channel is asked for, or that must not be there."""

    def __init__(self, token: Token) -> None:
        self._token = token
        self._words = [f'"{token.value}"' if token.is_phrase else token.value]
        self.channel = CHANNEL_FIELDS[token.name]
        self.without = token.without
        self.is_open = token.is_open
        """Whether more words may follow."""

    def add(self, text: str) -> None:
        """More of the words that follow the field."""
        self._words.append(text)

    def read(self, question: str) -> WordQuery:
        """What must be there, or what must not. Raises QuerySyntaxError, InvalidQuery."""
        text = " ".join(self._words)
        found = _unwanted(text) if self.without else self._wanted(text)
        if not (found.is_wanted or (self.without and found != WordQuery())):
            raise QuerySyntaxError(
                f"{self._token.name}: has nothing to look for. Write a word after it.",
                question,
                self._token.start,
                self._token.end,
            )
        return found

    def _wanted(self, text: str) -> WordQuery:
        """Pictures have no words that could be required: all of it is a plain sentence."""
        if self.channel != PICTURE:
            return read_words(text)
        if self._token.is_phrase:
            text = text.translate(_QUOTES)
        found = read_words(text.translate(_STARS))
        return replace(found, words=tuple(found.plain.split()), phrases=())


@dataclass
class Draft:
    """One step, at `question[start:end]`."""

    start: int
    then: int = 0
    """Where the `then` before it begins."""
    end: int = 0
    within_s: float | None = None
    has_examples: bool = False
    """Whether the step has some that are not in the question."""
    examples: list[Example] = field(default_factory=list)
    _words: list[str] = field(default_factory=list)
    _fields: list[ChannelWords] = field(default_factory=list)

    def add_words(self, text: str) -> None:
        """More words, of the field that is open, else for everywhere; signs alone are none."""
        if not any(character.isalnum() for character in text):
            return
        if self._fields and self._fields[-1].is_open:
            self._fields[-1].add(text)
        else:
            self._words.append(text)

    def add_field(self, token: Token) -> None:
        """A channel's field."""
        self.close()
        self._fields.append(ChannelWords(token))

    def close(self) -> None:
        """What follows belongs to no field's words."""
        if self._fields:
            self._fields[-1].is_open = False

    @property
    def is_empty(self) -> bool:
        return not (self._words or self._fields or self.examples)

    @property
    def _looks_like_something(self) -> bool:
        return self.has_examples or any(example.wanted for example in self.examples)

    def step(self, question: str) -> Step:
        """What was read. Raises InvalidQuery."""
        clauses = self._clauses(question)
        if not clauses and not self._looks_like_something:
            raise InvalidQuery(
                "The query only says what must not be there. Add a word for what to look for."
            )
        return Step(tuple(clauses), tuple(self.examples))

    def _clauses(self, question: str) -> list[Clause]:
        """What must not be there stands in each; beside an example alone, in one without words."""
        everywhere = read_words(" ".join(self._words))
        fields = [one.read(question) for one in self._fields if one.without]
        unwanted = [everywhere, *fields]
        clauses = [
            _without(Clause(one.read(question), (one.channel,)), unwanted)
            for one in self._fields
            if not one.without
        ]
        if everywhere.is_wanted:
            return [_without(Clause(everywhere), fields), *clauses]
        if not clauses and self._looks_like_something:
            rest = _without(Clause(WordQuery(), (PICTURE,)), unwanted)
            return [rest] if rest.words != WordQuery() else []
        return clauses


def _unwanted(text: str) -> WordQuery:
    """A word, the start of one, or several in a row, that must not be there."""
    words = text.translate(_QUOTES).split()
    found = read_words(text if len(words) == 1 else f'"{" ".join(words)}"')
    return WordQuery(excluded=found.words + found.phrases, excluded_prefixes=found.prefixes)


def _without(clause: Clause, unwanted: Sequence[WordQuery]) -> Clause:
    words = clause.words
    for one in unwanted:
        words = replace(
            words,
            excluded=words.excluded + one.excluded,
            excluded_prefixes=words.excluded_prefixes + one.excluded_prefixes,
        )
    return replace(clause, words=words)
