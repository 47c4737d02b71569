"""The words of a query and its signs: "exact phrase", prefix*, -without."""

from __future__ import annotations

from dataclasses import dataclass, field

import regex

from indexer.words.query import WordQuery
from indexer.words.terms import analyse
from search.errors import InvalidQuery
from search.query import clean_text

_SIGNS = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | dict.fromkeys("−－", "-") | {"＊": "*"})
_PART = regex.compile(
    r'(?P<without>(?<!\S)-(?=["\p{L}\p{M}\p{N}]))?'
    r'(?:(?<!\p{N})"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+)|")'  # 5" is no opening quote
)


def parse_words(text: str) -> WordQuery:
    """What a query asks of full text, and what is left of it for the encoder.

    Words may be missing, "phrases" and prefixes* must be there, -words and -"phrases" must not. A
    quote that is not closed, and signs that belong to nothing, are not there. Raises InvalidQuery.
    """
    found = read_words(clean_text(text))
    if not found.is_wanted:
        raise InvalidQuery(
            "The query only says what must not be there. Add a word for what to look for."
        )
    return found


def read_words(text: str) -> WordQuery:
    """The same of a part of a query, which may be empty, or only say what must not be there."""
    parts = _Parts()
    for match in _PART.finditer(" ".join(text.split()).translate(_SIGNS)):
        if match["phrase"] is not None:
            parts.add_phrase(match["phrase"], without=bool(match["without"]))
        elif match["word"]:
            parts.add_word(match["word"], without=bool(match["without"]))
    return parts.query()


@dataclass
class _Parts:
    """A query as it is read, from the left."""

    words: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    excluded_prefixes: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)

    def add_phrase(self, phrase: str, *, without: bool) -> None:
        bare = " ".join(phrase.replace("*", " ").split())
        if _has_words(bare):
            self._add(bare, self.excluded if without else self.phrases, without=without)

    def add_word(self, word: str, *, without: bool) -> None:
        bare = word.rstrip("*")
        if not _has_words(bare):
            return
        if bare == word:
            self._add(word, self.excluded if without else self.words, without=without)
            return
        _refuse_short(bare)
        kind = self.excluded_prefixes if without else self.prefixes
        self._add(bare, kind, without=without)

    def _add(self, text: str, kind: list[str], *, without: bool) -> None:
        kind.append(text)
        if not without:
            self.plain.append(text)

    def query(self) -> WordQuery:
        return WordQuery(
            words=tuple(self.words),
            phrases=tuple(self.phrases),
            prefixes=tuple(self.prefixes),
            excluded=tuple(self.excluded),
            excluded_prefixes=tuple(self.excluded_prefixes),
            plain=" ".join(self.plain),
        )


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _refuse_short(prefix: str) -> None:
    """A single letter starts a large part of all words; a Chinese character is a word already."""
    found = analyse(prefix).running
    if len(found) == 1 and not found[0].unspaced and len(found[0].form) < 2:
        raise InvalidQuery(
            f'"{prefix}*" stands for too many words. Write at least two letters before the star.'
        )
