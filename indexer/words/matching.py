"""A word query as terms: what a passage must have, may have and must not have, and where it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import regex

from indexer.words.folding import normal
from indexer.words.query import WordQuery
from indexer.words.stopwords import CHINESE, ENGLISH
from indexer.words.terms import UNSPACED, Term, Terms, analyse

_MOST_CLUES = 48
_RUN = regex.compile(rf"(?P<run>{UNSPACED}+)|(?:(?!{UNSPACED}).)+")
_UNIT = regex.compile(UNSPACED)
_PART = regex.compile(
    r"(?P<hiragana>\p{Hiragana}+)|[\p{Katakana}ー]+|"
    rf"(?:(?![{CHINESE}])\p{{Han}})+|(?:(?![\p{{Han}}\p{{Hiragana}}\p{{Katakana}}ー]){UNSPACED})+"
)
_PARTICLE = 2
"""Characters of hiragana between other scripts that are grammar, not a word."""


@dataclass(frozen=True)
class Phrase:
    """Terms that follow each other; of the last one only the start, if `prefix`."""

    terms: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True)
class Clue:
    """One thing that is looked for: any of these phrases."""

    phrases: tuple[Phrase, ...]
    cut: bool = False
    """Cut out of a run of characters: it may not be a word of its language at all."""


@dataclass(frozen=True)
class Plan:
    """What a passage is found by."""

    required: tuple[Clue, ...] = ()
    optional: tuple[Clue, ...] = ()
    excluded: tuple[Clue, ...] = ()

    @property
    def wanted(self) -> tuple[Clue, ...]:
        return self.required + self.optional


@lru_cache(maxsize=256)
def plan(query: WordQuery, languages: tuple[str, ...]) -> Plan:
    """The terms of a query in texts of these languages (subtags; empty for an unknown one)."""
    required = [_clue(phrase, languages) for phrase in query.phrases]
    required += [_clue(prefix, languages, prefix=True) for prefix in query.prefixes]
    excluded = [_clue(text, languages) for text in query.excluded]
    excluded += [_clue(text, languages, prefix=True) for text in query.excluded_prefixes]
    optional = [clue for word in _telling(query) for clue in _word_clues(word, languages)]
    return Plan(_some(required), _some(optional), _some(excluded))


def _some(clues: Iterable[Clue]) -> tuple[Clue, ...]:
    """Without repeats and empty ones, and no more than a database takes."""
    return tuple(clue for clue in dict.fromkeys(clues) if clue.phrases)[:_MOST_CLUES]


def _telling(query: WordQuery) -> list[str]:
    """The words without those that say nothing, unless all of them are such."""
    telling = [word for word in query.words if word.casefold() not in ENGLISH]
    return telling if telling or query.phrases or query.prefixes else list(query.words)


def _clue(
    text: str, languages: tuple[str, ...], *, prefix: bool = False, cut: bool = False
) -> Clue:
    phrases = [
        phrase
        for language in languages
        for phrase in _phrases(analyse(text, language), prefix=prefix)
    ]
    return Clue(tuple(dict.fromkeys(phrases)), cut)


def _phrases(found: Terms, *, prefix: bool) -> Iterator[Phrase]:
    """How a text may be indexed: by its stems, or, if it is one word, as it stands."""
    running = found.running
    if not running:
        return
    last = running[-1]
    if last.unspaced:
        yield _characters(running)
        return
    before = tuple(term.term for term in running[:-1])
    if before or not prefix:
        yield Phrase((*before, last.term), prefix)
    if prefix or not before:
        yield Phrase((*before, last.form), prefix)
    for whole in found.whole:
        if (whole.start, whole.end) == (running[0].start, last.end):
            yield Phrase((whole.form,), prefix)
            if not prefix:
                yield Phrase((whole.term,))


def _characters(running: tuple[Term, ...]) -> Phrase:
    """What ends in characters without spaces: other characters may follow."""
    terms = tuple(term.term for term in running)
    if len(running) > 1 and running[-2].unspaced and running[-2].end == running[-1].end:
        return Phrase(terms[:-1])
    return Phrase(terms, prefix=True)


def _word_clues(word: str, languages: tuple[str, ...]) -> Iterator[Clue]:
    """A word is one clue, a sentence without spaces one for each pair of characters."""
    for match in _RUN.finditer(normal(word)[0]):
        pieces = _cuts(match[0]) if match["run"] else [match[0]]
        for piece in pieces:
            yield _clue(piece, languages, cut=len(pieces) > 1)


def _cuts(run: str) -> list[str]:
    """A run of characters, or, if it may be a sentence, its pairs; grammar is left out."""
    if len(_UNIT.findall(run)) <= 2:
        return [run]
    parts = [
        part[0]
        for part in _PART.finditer(run)
        if not (part["hiragana"] and len(part[0]) <= _PARTICLE)
    ]
    return [pair for part in parts or [run] for pair in _pairs(_UNIT.findall(part))]


def _pairs(units: list[str]) -> list[str]:
    return units if len(units) == 1 else [a + b for a, b in pairwise(units)]


def places(clue: Clue, found: Terms) -> list[tuple[int, int]]:
    """Where a clue is in a text: (start, end) in characters, by start, each once."""
    ranges = {
        place
        for phrase in clue.phrases
        for place in (_single(phrase, found) if len(phrase.terms) == 1 else _row(phrase, found))
    }
    return sorted(ranges)


def _single(phrase: Phrase, found: Terms) -> Iterator[tuple[int, int]]:
    wanted = phrase.terms[0]
    for i, term in enumerate(found.running):
        if _fits(term.term, wanted, phrase.prefix) or _fits(term.form, wanted, phrase.prefix):
            yield term.start, _end(found, i, phrase)
    for term in found.whole:
        if _fits(term.term, wanted, phrase.prefix) or _fits(term.form, wanted, phrase.prefix):
            yield term.start, term.end


def _row(phrase: Phrase, found: Terms) -> Iterator[tuple[int, int]]:
    *before, last = phrase.terms
    for i in range(len(found.running) - len(before)):
        row = found.running[i : i + len(before)]
        if [term.term for term in row] == before:
            end = i + len(before)
            if _fits(found.running[end].term, last, phrase.prefix):
                yield row[0].start, _end(found, end, phrase)


def _end(found: Terms, i: int, phrase: Phrase) -> int:
    """Where the term `i`, the last of a phrase, ends: of a pair only the character asked for."""
    term = found.running[i]
    cut = phrase.prefix and term.unspaced and i + 1 < len(found.running)
    return min(term.end, found.running[i + 1].start) if cut else term.end


def _fits(term: str, wanted: str, prefix: bool) -> bool:
    return term.startswith(wanted) if prefix else term == wanted
