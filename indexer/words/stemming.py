"""Words to their stems, by the Snowball stemmers of NLTK (Porter 2001)."""

from __future__ import annotations

from functools import cache, lru_cache
from threading import Lock
from typing import Any

import regex

STEMMERS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
}
"""Language subtag -> NLTK's name."""
_BY_SCRIPT = {"Latin": "en", "Cyrillic": "ru", "Arabic": "ar"}
"""What a word is taken for whose language is not known, or is of another script."""
_SCRIPTS = {"ar": "Arabic", "ru": "Cyrillic"}
_LANGUAGES = """
    am ar be bg bn el fa gu he hi hy ja ka kk km kn ko ky lo mk ml mn mr my ne pa ru si sr ta te th
    uk ur yi zh
"""
_NOT_LATIN = frozenset(_LANGUAGES.split())
"""Latin words in a text of these languages are English as likely as not."""
_SCRIPT = regex.compile(r"(?P<Latin>\p{Latin})|(?P<Cyrillic>\p{Cyrillic})|(?P<Arabic>\p{Arabic})")
_LOCK = Lock()


@lru_cache(maxsize=2**16)
def stem(word: str, language: str = "") -> str:
    """The stem of a word in small letters, accents and all, or the word itself.

    `language` is what the text around it is in; empty if unknown. Only words of its script are
    stemmed by its rules: "GPUs" in a Japanese text is taken for English.
    """
    script = _SCRIPT.match(word)
    rules = _rules(language, str(script.lastgroup)) if script else None
    if rules is None:
        return word
    with _LOCK:  # the stemmers keep what they found so far in themselves
        return str(_stemmer(rules).stem(word)) or word


def _rules(language: str, script: str) -> str | None:
    """The language by whose rules a word of `script` is stemmed."""
    if language in STEMMERS and _SCRIPTS.get(language, "Latin") == script:
        return language
    if not language or language in STEMMERS or (script == "Latin" and language in _NOT_LATIN):
        return _BY_SCRIPT[script]
    return None


def _stemmer(language: str) -> Any:
    if language == "ar":  # NLTK's remembers the last word's suffixes
        return _load(language)
    return _kept(language)


@cache
def _kept(language: str) -> Any:
    return _load(language)


def _load(language: str) -> Any:
    from nltk.stem.snowball import SnowballStemmer

    return SnowballStemmer(STEMMERS[language])
