"""Names of languages, as files give them, in one form."""

from __future__ import annotations

NO_LANGUAGE = frozenset({"mis", "mul", "und", "zxx"})
"""ISO 639's codes for not known, several, and none."""


def language_code(text: str) -> str:
    """Primary subtag of BCP 47: "en" for "eng", "pt" for "pt_BR"; "" where there is none."""
    from langcodes import Language
    from langcodes.tag_parser import LanguageTagError

    if not text or len(text) > 35:  # BCP 47's own bound for what must be stored
        return ""
    try:
        code = Language.get(text.strip()).language or ""
    except LanguageTagError:
        return ""
    known = len(code) in (2, 3) and code not in NO_LANGUAGE  # not "x-private"
    return code if known else ""
