"""SAMI (.smi, .sami): HTML of before HTML, several languages in one file.

pysubs2 reads it, but mixes the languages and guesses the ends.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from math import inf

from indexer.media.subtitles.track import Track, of_one_language, with_ends
from model.sentences import Cue

_TAG = re.compile(r"(?i)<(/?)(sync|p|br|body|sami)\b([^<>]*)>")
_START = re.compile(r"(?i)\bstart\s{0,9}=\s{0,9}[\"']?(\d{1,10})")
_CLASS = re.compile(r"(?i)\bclass\s{0,9}=\s{0,9}[\"']?([\w-]{1,40})")
_STYLE = re.compile(r"\.([\w-]{1,40})\s{0,99}\{([^{}]{0,500})\}")
_LANGUAGE = re.compile(r"(?i)\blang\s{0,9}:\s{0,9}([\w-]{2,35})")
_HEAD_CHARACTERS = 20_000


@dataclass
class _Paragraph:
    start_s: float
    name: str = ""
    """Its class, in lower case: that is its language."""
    parts: list[str] = field(default_factory=list)

    def text(self) -> str:
        return html.unescape("".join(self.parts)).strip()


def is_sami(head: str) -> bool:
    """Whether `head`, the first characters of a file, begins as SAMI."""
    return re.match(r"(?i)\s*<sami\b", head) is not None


def read_sami(text: str, fps: float | None) -> Track:
    """The class, that is the language, with the most text. A paragraph is shown until the next of
    its class, which may be empty."""
    paragraphs = sorted(_paragraphs(text), key=lambda one: one.start_s)
    next_s: dict[str, float] = {}
    spoken = []
    for one in reversed(paragraphs):
        end_s = min(next_s.get(one.name, inf), next_s.get("", inf))
        next_s[one.name] = one.start_s
        if said := one.text():
            spoken.append((one.name, Cue(one.start_s, end_s, said)))
    track = of_one_language(spoken[::-1])
    return Track(with_ends(track.cues), _languages(text[:_HEAD_CHARACTERS]).get(track.language, ""))


def _languages(head: str) -> dict[str, str]:
    """Class, in lower case, to the language that the style sheet gives it."""
    found = {name.lower(): _LANGUAGE.search(style) for name, style in _STYLE.findall(head)}
    return {name: language[1] for name, language in found.items() if language}


def _paragraphs(text: str) -> list[_Paragraph]:
    """Each <p>, and each <sync> that holds none, in the file's order."""
    found: list[_Paragraph] = []
    tags = list(_TAG.finditer(text))
    ends = [*(tag.start() for tag in tags[1:]), len(text)]
    for tag, position in zip(tags, ends, strict=False):
        kind, opens = tag[2].lower(), not tag[1]
        if kind == "sync" and opens:
            start = _START.search(tag[3])
            found.append(_Paragraph(int(start[1]) / 1000 if start else inf))
        elif kind == "p" and opens and found:
            _begin(found, tag[3])
        elif kind == "br" and found:
            found[-1].parts.append("\n")
        if found:
            found[-1].parts.append(re.sub(r"\s+", " ", text[tag.end() : position]))
    return [one for one in found if one.start_s < inf]


def _begin(found: list[_Paragraph], attributes: str) -> None:
    """A paragraph within the last <sync>, which is none itself if it had no text before."""
    last = found[-1]
    if not last.name and not last.text():
        found.pop()
    name = _CLASS.search(attributes)
    found.append(_Paragraph(last.start_s, name[1].lower() if name else ""))
