"""Languages as people write them: "English", "pt-BR", "Chinese (Simplified)"."""

from __future__ import annotations

import re
from functools import lru_cache

from indexer.media.languages import language_code

_LONGEST = 60


@lru_cache(maxsize=1024)
def language_called(text: str, *, rare: bool = True) -> str:
    """Primary subtag of BCP 47 for a code or a name: "en" for "eng", "en_GB" or "English".

    Empty when `text` names no language. Without `rare`, only codes of two letters and languages
    that are widely spoken count: nearly any three letters are the code of some language.
    """
    text = text.strip()[:_LONGEST]
    word = re.split(r"[-_ (]", text, maxsplit=1)[0]
    code = language_code(word) if len(word) in (2, 3) else _named(text) or _named(word)
    return code if rare or _is_common(code) else ""


def _named(name: str) -> str:
    import langcodes

    try:
        return language_code(langcodes.find(name).to_tag())
    except LookupError:
        return ""


def _is_common(code: str) -> bool:
    from langcodes import Language

    if not code:
        return False
    language = Language.get(code)
    return language.is_valid() and (len(code) == 2 or language.speaking_population() > 0)
