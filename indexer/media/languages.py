"""Names and codes of languages to the one form that is kept."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iso639 import Language

_OTHER_NAMES = {
    "brazilian": "pt",
    "chs": "zh",
    "cht": "zh",
    "farsi": "fa",
    "greek": "el",
    "in": "id",
    "iw": "he",
    "ji": "yi",
    "mandarin": "zh",
}
"""In use, though not in ISO 639 today."""
_NO_LANGUAGE = frozenset({"mis", "mul", "und", "zxx"})


@lru_cache(maxsize=1024)
def primary_subtag(tag: str, *, rare: bool = True) -> str:
    """The primary subtag of BCP 47 in lower case: "en" of "eng", "en-US", "en_gb" or "English".

    Empty when `tag` names no language. Without `rare`, three letters must be a code of ISO 639-2,
    which knows some 480 languages: among all 7,900 nearly any word is one.
    """
    name = tag.strip().lower()
    word = re.split(r"[-_ (]", name, maxsplit=1)[0]
    if known := _OTHER_NAMES.get(word):
        return known
    language = _match(word) if len(word) in (2, 3) else _match(name) or _match(word)
    if language is None or language.part3 in _NO_LANGUAGE:
        return ""
    if not (rare or language.part1 or language.part2t):
        return ""
    return language.part1 or language.part3


def _match(word: str) -> Language | None:
    from iso639 import Language, LanguageNotFoundError

    try:
        return Language.match(word, strict_case=False)
    except LanguageNotFoundError:
        return None
