"""Text to the terms that it is found by: what both databases index, and what highlights look for.

Words become stems without accents. Scripts that write no spaces are cut into overlapping pairs of
characters, the last character once more by itself: a single character is then the start of some
term, a longer word a row of pairs, and no dictionary is needed (Nie et al. 2000 found pairs as good
as words for Chinese). Single characters would be fewer terms, but each in half of all passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import regex

from indexer.words.folding import fold, normal
from indexer.words.stemming import stem

BORDER = "·"
"""Stands between the running terms and the others; no phrase reaches over it."""
MOST_CHARACTERS = 48
"""Of a term: nobody looks for more, and PostgreSQL takes no lexeme above 2 KiB."""
MOST_TEXT = 50_000
"""Characters of one text that are indexed; PostgreSQL keeps at most 1 MiB of terms a row."""
VERSION = 1
"""Changes with what `terms` gives: what another version has indexed must be indexed anew."""
_MOST_PARTS = 4
_CACHED_CHARACTERS = 24
"""Of what stands between two spaces."""
_CACHED_TEXT = 200

UNSPACED = (
    r"(?:(?=\p{L})[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]"
    r"\p{M}*)"
)
"""A pattern: one character, with its marks, of a script without spaces, or, like Korean, with none
between a word and its particles."""
_CHUNK = re.compile(r"[^\s\x00-\x1f\x7f-\x9f]+")
_UNIT = regex.compile(UNSPACED)
_PIECE = regex.compile(
    rf"(?P<run>{UNSPACED}+)|(?P<digits>\p{{N}}+)|(?P<word>(?:(?!{UNSPACED})[\p{{L}}\p{{M}}])+)"
)
_JOINT = regex.compile(r"[-'’ʼ‐‑]?")
# beachParty, HTMLPage; not PDFs
_CAMEL = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll}{2})")


class Term(NamedTuple):
    """A term, and the characters of the text that it stands for."""

    start: int
    end: int
    term: str
    """What is indexed: a stem, a number, or a pair of characters."""
    form: str
    """The same before it was stemmed."""
    unspaced: bool = False
    """A pair of characters, or one character, of a script without spaces."""


@dataclass(frozen=True)
class Terms:
    """A text's terms."""

    running: tuple[Term, ...]
    """In the order of the text."""
    whole: tuple[Term, ...]
    """Compounds as one word: "wi-fi" is found as wifi too, "iPhone" as iphone."""


def terms(text: str, language: str = "") -> str:
    """What is indexed of `text`, separated by spaces; empty where there is no word in it.

    `language` is a language subtag such as "en", or empty. First the running terms, then, after a
    `BORDER`, the words as they stand where the stem is another, so that a prefix finds them, and
    the compounds.
    """
    if len(text) > _CACHED_TEXT:
        return _terms(text, language)
    return _cached_terms(text, language)


@lru_cache(maxsize=2**14)
def _cached_terms(text: str, language: str) -> str:
    """A question, and each page of it, scores the same lines again."""
    return _terms(text, language)


def _terms(text: str, language: str) -> str:
    running: list[str] = []
    others: dict[str, None] = {}
    for chunk in _CHUNK.findall(text[:MOST_TEXT]):
        words, besides = _indexed(chunk, language)
        running += words
        if besides:
            others.update(besides)
    return " ".join([*running, BORDER, *others] if others else running)


def _indexed(chunk: str, language: str) -> tuple[tuple[str, ...], dict[str, None]]:
    """The running terms of what stands between two spaces, and what else it is found by."""
    if len(chunk) > _CACHED_CHARACTERS:
        return _kinds(_chunk_terms(chunk, language))
    return _cached_kinds(chunk, language)


@lru_cache(maxsize=2**16)
def _cached_kinds(chunk: str, language: str) -> tuple[tuple[str, ...], dict[str, None]]:
    """Words come again and again, long runs of characters seldom."""
    return _kinds(_chunk_terms(chunk, language))


def _kinds(found: Terms) -> tuple[tuple[str, ...], dict[str, None]]:
    others = [term.form for term in found.running if term.form != term.term]
    others += [form for term in found.whole for form in (term.term, term.form)]
    return tuple(term.term for term in found.running), dict.fromkeys(others)


def analyse(text: str, language: str = "") -> Terms:
    """The terms of `text` with their places in it."""
    running: list[Term] = []
    whole: list[Term] = []
    for match in _CHUNK.finditer(text[:MOST_TEXT]):
        found = _places(match[0], language)
        running += _moved(found.running, match.start())
        whole += _moved(found.whole, match.start())
    return Terms(tuple(running), tuple(whole))


def _places(chunk: str, language: str) -> Terms:
    if len(chunk) > _CACHED_CHARACTERS:
        return _chunk_terms(chunk, language)
    return _cached_places(chunk, language)


@lru_cache(maxsize=2**13)
def _cached_places(chunk: str, language: str) -> Terms:
    """Of what is shown: less than what is searched, and ten times as large."""
    return _chunk_terms(chunk, language)


def _moved(found: tuple[Term, ...], by: int) -> Iterator[Term]:
    return (term._replace(start=term.start + by, end=term.end + by) for term in found)


class _Piece(NamedTuple):
    start: int
    end: int
    kind: str


def _chunk_terms(chunk: str, language: str) -> Terms:
    text, ranges = normal(chunk)
    pieces = list(_pieces(text))
    running = [
        term
        for piece in pieces
        for term in (_pairs(text, piece) if piece.kind == "run" else _word(text, piece, language))
    ]
    whole = [
        term
        for parts in _compounds(text, pieces)
        if 1 < len(parts) <= _MOST_PARTS
        for term in _joined(text, parts, language)
    ]
    return Terms(_placed(running, ranges), _placed(whole, ranges))


def _placed(found: list[Term], ranges: list[tuple[int, int]]) -> tuple[Term, ...]:
    """From places in the normal text to places in the original."""
    return tuple(
        term._replace(start=ranges[term.start][0], end=ranges[term.end - 1][1]) for term in found
    )


def _pieces(text: str) -> Iterator[_Piece]:
    """Runs, numbers and words of a normal text, words cut at capitals."""
    if text.isascii() and text.isalpha() and text.islower():  # most are: the patterns are slow
        yield _Piece(0, len(text), "word")
        return
    for match in _PIECE.finditer(text):
        kind = str(match.lastgroup)
        cuts = [cut.start() for cut in _CAMEL.finditer(match[0])] if kind == "word" else []
        for start, end in pairwise([0, *cuts, len(match[0])]):
            yield _Piece(match.start() + start, match.start() + end, kind)


def _pairs(text: str, piece: _Piece) -> Iterator[Term]:
    """Overlapping pairs of characters with their marks, and the last one by itself."""
    units = [unit.span() for unit in _UNIT.finditer(text, piece.start, piece.end)]
    for (start, _), (_, end) in pairwise(units):
        yield _unspaced(text, start, end)
    yield _unspaced(text, *units[-1])


def _unspaced(text: str, start: int, end: int) -> Term:
    form = fold(text[start:end])[:MOST_CHARACTERS]
    return Term(start, end, form, form, unspaced=True)


def _word(text: str, piece: _Piece, language: str) -> Iterator[Term]:
    yield from _term(piece.start, piece.end, text[piece.start : piece.end], language)


def _joined(text: str, parts: list[_Piece], language: str) -> Iterator[Term]:
    word = "".join(text[part.start : part.end] for part in parts)
    yield from _term(parts[0].start, parts[-1].end, word, language)


def _term(start: int, end: int, word: str, language: str) -> Iterator[Term]:
    form = fold(word)[:MOST_CHARACTERS]
    if form:  # nothing is left of a lone tatweel
        yield Term(start, end, fold(stem(word.casefold(), language))[:MOST_CHARACTERS], form)


def _compounds(text: str, pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    """Words and numbers that are written together, or with a hyphen or an apostrophe."""
    parts: list[_Piece] = []
    for piece in pieces:
        if parts and not (
            piece.kind != "run" and _JOINT.fullmatch(text, parts[-1].end, piece.start)
        ):
            yield parts
            parts = []
        if piece.kind != "run":
            parts.append(piece)
    yield parts
