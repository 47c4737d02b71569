"""Makes spellings alike: width, case, and accents where they are only an accent."""

from __future__ import annotations

import unicodedata

import regex

_CLUSTER = regex.compile(r"\X")
_INVISIBLE = regex.compile(r"[\p{Cf}\p{Cs}\p{Co}\p{Cn}]")
# Marks are vowels and tones in Devanagari or Thai, and part of the letter in Japanese and in
# Cyrillic й: those stay. People leave out the others.
_ACCENT = regex.compile(
    r"(?<=[\p{Latin}\p{Greek}\p{Hebrew}\p{Arabic}]\p{M}*)\p{M}"
    r"|(?<=\p{Cyrillic})[\u0300\u0301]|(?<=е)\u0308|\u0640"
)
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ŋ": "n"}
)
"""Letters of the Latin script that Unicode does not take apart."""


def normal(text: str) -> tuple[str, list[tuple[int, int]]]:
    """`text` in NFKC without invisible characters, and where each of its characters came from.

    The second is one (start, end) in `text` a character. Characters that combine come from the
    whole of what they are written with, so that no range cuts an accent off.
    """
    if text.isascii():
        return text, [(i, i + 1) for i in range(len(text))]
    parts: list[str] = []
    ranges: list[tuple[int, int]] = []
    for cluster in _CLUSTER.finditer(text):
        part = _INVISIBLE.sub("", unicodedata.normalize("NFKC", cluster[0]))
        parts.append(part)
        ranges.extend([cluster.span()] * len(part))
    return "".join(parts), ranges


def fold(word: str) -> str:
    """A word in small letters without accents: Straße, STRASSE and strasse are one."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word.casefold())
    return unicodedata.normalize("NFC", _ACCENT.sub("", apart)).translate(_LETTERS)
