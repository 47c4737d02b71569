"""Which languages the text tower of a published network reads."""

from __future__ import annotations

ENGLISH = frozenset({"en"})
MANY = frozenset(
    [
        "af",
        "am",
        "ar",
        "az",
        "be",
        "bg",
        "bn",
        "bs",
        "ca",
        "cs",
        "cy",
        "da",
        "de",
        "el",
        "en",
        "eo",
        "es",
        "et",
        "eu",
        "fa",
        "fi",
        "fil",
        "fr",
        "ga",
        "gl",
        "gu",
        "ha",
        "he",
        "hi",
        "hr",
        "hu",
        "hy",
        "id",
        "is",
        "it",
        "ja",
        "jv",
        "ka",
        "kk",
        "km",
        "kn",
        "ko",
        "ky",
        "la",
        "lo",
        "lt",
        "lv",
        "mg",
        "mk",
        "ml",
        "mn",
        "mr",
        "ms",
        "my",
        "ne",
        "nl",
        "no",
        "or",
        "pa",
        "pl",
        "ps",
        "pt",
        "ro",
        "ru",
        "sd",
        "si",
        "sk",
        "sl",
        "so",
        "sq",
        "sr",
        "sv",
        "sw",
        "ta",
        "te",
        "th",
        "tl",
        "tr",
        "uk",
        "ur",
        "uz",
        "vi",
        "yi",
        "zh",
    ]
)
"""Of XLM-RoBERTa (Conneau et al. 2020, table of CC-100), about what the others read too."""
_MULTILINGUAL = ("i18n", "mt5", "multilingual", "nllb", "siglip2", "xlm")


def tower_languages(name: str) -> frozenset[str]:
    """Primary language subtags, by the name that the network is published under.

    A folder or file is known by its own name; one that says nothing is taken for English.
    """
    known = name.lower().replace("-", "").replace("_", "")
    return MANY if any(mark in known for mark in _MULTILINGUAL) else ENGLISH
