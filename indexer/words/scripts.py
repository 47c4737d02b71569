"""Guesses a text's language by its script, where nothing else says it."""

from __future__ import annotations

import regex

_SCRIPTS = (
    ("ja", regex.compile(r"[\p{Hiragana}\p{Katakana}]")),
    ("ko", regex.compile(r"\p{Hangul}")),
    ("zh", regex.compile(r"\p{Han}")),
    ("ru", regex.compile(r"\p{Cyrillic}")),
    ("ar", regex.compile(r"\p{Arabic}")),
    ("el", regex.compile(r"\p{Greek}")),
    ("he", regex.compile(r"\p{Hebrew}")),
    ("th", regex.compile(r"\p{Thai}")),
    ("hi", regex.compile(r"\p{Devanagari}")),
)
"""The language most often written in each; Japanese before the Han that it mixes with."""
_LETTER = regex.compile(r"\p{L}")
SHARE = 0.2
"""Of all letters: less is a foreign name or two. Japanese may have so little of its own."""
MOST_CHARACTERS = 10_000


def language_of_script(text: str) -> str:
    """Primary language subtag; empty for Latin and for what is not known."""
    part = text[:MOST_CHARACTERS]
    letters = len(_LETTER.findall(part))
    for language, script in _SCRIPTS:
        if letters and len(script.findall(part)) >= SHARE * letters:
            return language
    return ""
