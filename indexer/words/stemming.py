"""Words to their stems, by the Snowball stemmers (Porter 2001).

From the Snowball project's own package: NLTK has some of them too, but importing it takes a command
a quarter of a second, and 1.5 s where SciPy is installed.
"""

from __future__ import annotations

from functools import cache, lru_cache
from threading import Lock
from typing import Any

import regex

STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
"""Language subtag -> Snowball's name."""
_BY_SCRIPT = {"Latin": "en", "Cyrillic": "ru", "Arabic": "ar", "Greek": "el"}
"""What a word is taken for whose language is not known, or is of another script."""
_SCRIPTS = {"ar": "Arabic", "el": "Greek", "ru": "Cyrillic"}
_LANGUAGES = """
    am ar be bg bn el fa gu he hi hy ja ka kk km kn ko ky lo mk ml mn mr my ne pa ru si sr ta te th
    uk ur yi zh
"""
_NOT_LATIN = frozenset(_LANGUAGES.split())
"""Latin words in a text of these languages are English as likely as not."""
_SCRIPT = regex.compile(
    r"(?P<Latin>\p{Latin})|(?P<Cyrillic>\p{Cyrillic})|(?P<Arabic>\p{Arabic})|(?P<Greek>\p{Greek})"
)
_AND_THE = "وال"
"""Written as one with the word; Snowball takes away only what follows the "and"."""
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
    if script and script.lastgroup == "Arabic" and word.startswith(_AND_THE):
        word = word[1:]
    with _LOCK:  # the stemmers keep the word at work in themselves
        return str(_stemmer(rules).stemWord(word)) or word


def _rules(language: str, script: str) -> str | None:
    """The language by whose rules a word of `script` is stemmed."""
    if language in STEMMERS and _SCRIPTS.get(language, "Latin") == script:
        return language
    if not language or language in STEMMERS or (script == "Latin" and language in _NOT_LATIN):
        return _BY_SCRIPT[script]
    return None


@cache
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(STEMMERS[language])
