"""Reads a question."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from indexer.words.query import WordQuery
from search.errors import InvalidQuery, QuerySyntaxError
from search.evidence import PICTURE
from search.language.fields import CHANNEL_FIELDS, FILTER_FIELDS, LIKE
from search.language.filtering import FilterFields
from search.language.tokens import Kind, Token, tokenize
from search.quantities import parse_duration
from search.query import clean_text
from search.question import Clause, Example, Question, Step
from search.words import parse_words, read_words

WITHIN_S = 30.0
"""Between two steps, where nothing is said of it."""
_QUOTES = str.maketrans(dict.fromkeys('"“”„‟«»＂*＊', " "))


def parse_question(text: str) -> Question:
    """What a question asks. Raises InvalidQuery; QuerySyntaxError where one part is wrong."""
    clean_text(text)
    reader = _Reader(text)
    for token in tokenize(text):
        reader.read(token)
    return reader.question()


def plain_question(text: str) -> Question:
    """The same of words that have no fields and no steps, such as captions. Raises InvalidQuery."""
    return Question(text, (Step((Clause(parse_words(text)),)),))


@dataclass
class _Draft:
    """A step as it is read."""

    start: int
    then: int = 0
    """Where the `then` before it stands in the question; `start` is behind it."""
    words: list[str] = field(default_factory=list)
    """That look everywhere."""
    fields: list[tuple[str, list[str], bool]] = field(default_factory=list)
    """Channel, its words, and whether more may follow."""
    examples: list[Example] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    """Signs and words that no channel may have, from `-said:` and its like."""
    within_s: float | None = None

    def add_words(self, text: str) -> None:
        if self.fields and self.fields[-1][2]:
            self.fields[-1][1].append(text)
        else:
            self.words.append(text)

    def close(self) -> None:
        """What follows belongs to no channel's words."""
        if self.fields:
            channel, words, _ = self.fields[-1]
            self.fields[-1] = channel, words, False

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.fields or self.examples or self.excluded)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._filters = FilterFields(text)
        self._drafts = [_Draft(0)]

    def read(self, token: Token) -> None:
        """One more part."""
        draft = self._drafts[-1]
        if token.kind is Kind.WORDS:
            draft.add_words(token.value)
        elif token.kind is Kind.THEN:
            self._then(token)
        elif token.kind is Kind.WITHIN:
            self._within(token)
        elif token.name in FILTER_FIELDS:
            draft.close()
            self._filters.add(token)
        elif token.name == LIKE:
            draft.close()
            draft.examples.append(self._example(token))
        else:
            self._channel(token)

    def question(self) -> Question:
        """All that was read. Raises InvalidQuery."""
        drafts = self._drafts
        if len(drafts) > 1 and drafts[-1].is_empty:  # nothing comes then: it is a word
            last = drafts.pop()
            drafts[-1].add_words(self._text[last.then : last.start])
        steps = [self._step(draft) for draft in drafts if not draft.is_empty]
        gaps = [WITHIN_S if d.within_s is None else d.within_s for d in drafts[1:]]
        return Question(self._text, tuple(steps), tuple(gaps), self._filters.filters())

    def _then(self, token: Token) -> None:
        if self._drafts[-1].is_empty:  # after nothing: it is a word
            self._drafts[-1].add_words(token.value)
        else:
            self._drafts.append(_Draft(token.end, token.start))

    def _within(self, token: Token) -> None:
        draft = self._drafts[-1]
        if len(self._drafts) == 1:  # of one thing: these are words
            draft.add_words(self._text[token.start : token.end])
        elif draft.is_empty:
            self._refuse_empty(token.start)
        else:
            draft.within_s = parse_duration(token.value)

    def _channel(self, token: Token) -> None:
        draft, channel = self._drafts[-1], CHANNEL_FIELDS[token.name]
        draft.close()
        words = token.value
        if channel == PICTURE:
            words = " ".join(words.translate(_QUOTES).split())
        elif token.is_phrase:
            words = f'"{words}"'
        if token.without:
            draft.excluded.append(f'-"{words.translate(_QUOTES)}"')
        else:
            draft.fields.append((channel, [words], token.is_open))

    def _example(self, token: Token) -> Example:
        video, _, seconds = token.value.rpartition("@")
        try:
            if not video:
                raise InvalidQuery("there is no video")
            return Example(video, parse_duration(seconds), wanted=not token.without)
        except InvalidQuery:
            raise QuerySyntaxError(
                "like: takes VIDEO@SECONDS, such as like:holiday.mp4@12.5 or "
                'like:"my holiday.mp4"@1:30.',
                self._text,
                token.start,
                token.end,
            ) from None

    def _step(self, draft: _Draft) -> Step:
        everywhere = read_words(" ".join([*draft.words, *draft.excluded]))
        clauses = [Clause(everywhere)] if everywhere.is_wanted else []
        for channel, words, _ in draft.fields:
            asked = read_words(" ".join(words))
            if channel == PICTURE:
                asked = _plain(asked)
            if not asked.is_wanted:
                self._refuse_empty(draft.start)
            clauses.append(Clause(asked, (channel,)))
        if not clauses and not any(example.wanted for example in draft.examples):
            raise InvalidQuery(
                "The query only says what must not be there. Add a word for what to look for."
            )
        if not everywhere.is_wanted:
            clauses = [replace(one, words=_without(one.words, everywhere)) for one in clauses]
        return Step(tuple(clauses), tuple(draft.examples))

    def _refuse_empty(self, start: int) -> None:
        raise QuerySyntaxError(
            "Nothing to look for stands here. Write a word.", self._text, start, len(self._text)
        )


def _plain(words: WordQuery) -> WordQuery:
    """All of it as words of a sentence: pictures have none that could be required."""
    return replace(words, words=tuple(words.plain.split()), phrases=(), prefixes=())


def _without(words: WordQuery, unwanted: WordQuery) -> WordQuery:
    return replace(
        words,
        excluded=(*words.excluded, *unwanted.excluded),
        excluded_prefixes=(*words.excluded_prefixes, *unwanted.excluded_prefixes),
    )
