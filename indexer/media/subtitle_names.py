"""What the name of a subtitle file says: `name.en.srt`, `name.pt-BR.forced.vtt`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.media.language_names import language_called

_FLAGS = frozenset({"auto", "cc", "default", "forced", "full", "orig", "sdh"})
_HEARING_IMPAIRED = "hi"
"""And Hindi."""
_NOT_HINDI = frozenset({"cc", "forced", "sdh"})


@dataclass(frozen=True)
class NameTags:
    """What stands between a video's name and the suffix."""

    language: str = ""
    """Primary subtag; empty when none is named."""
    forced: bool = False
    """Only what is foreign to the film's own audience, such as signs: not all that is said."""
    for_deaf: bool = False
    """Sounds are described too."""


def name_tags(tags: Sequence[str]) -> NameTags | None:
    """The meaning of `tags`, the parts between dots; None when none of them means anything.

    `hi` is Hindi where nothing else is said of the language, and says "hearing impaired" beside
    another language or beside `sdh`, `cc` or `forced`.
    """
    words = {word for tag in tags for word in re.split(r"[^a-z]+", tag.lower()) if word}
    languages = [
        language
        for tag in tags
        if tag.lower() not in _FLAGS | {_HEARING_IMPAIRED}
        if (language := language_called(tag, rare=False))
    ]
    impaired = any(tag.lower() == _HEARING_IMPAIRED for tag in tags)
    if impaired and not languages and not words & _NOT_HINDI:
        languages, impaired = [_HEARING_IMPAIRED], False
    if tags and not languages and not impaired and not words & _FLAGS:
        return None
    return NameTags(
        language=languages[0] if languages else "",
        forced="forced" in words,
        for_deaf=impaired or bool(words & {"cc", "sdh"}),
    )


def language_of_name(stem: str) -> str:
    """The language that a file's name without its suffix ends in; empty when it names none."""
    tags: list[str] = []
    for tag in reversed(stem.split(".")[1:]):
        if name_tags([tag]) is None:
            break
        tags.append(tag)
    meaning = name_tags(tags[::-1])
    return meaning.language if meaning else ""
