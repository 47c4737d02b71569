"""TTML (W3C 2018) and its forerunner DFXP, by ttconv."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import inf
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ElementTree

from indexer.media.subtitles.quiet import quiet
from indexer.media.subtitles.track import Track, of_one_language, with_ends
from model.sentences import Cue

if TYPE_CHECKING:
    from ttconv.model import ContentElement

_NAMESPACE = "http://www.w3.org/ns/ttml"
_OLD = re.compile(r"\{(?:http://www\.w3\.org/\d{4}/\d\d/ttaf1)([^{}]*)\}")


def read_ttml(root: Element) -> Track:
    """The paragraphs below `root`, a <tt>; of several languages, the one that has the most."""
    with quiet("ttconv"):
        from ttconv.imsc.reader import to_model

        _renew(root)
        document = to_model(ElementTree(root))
    body = document.get_body() if document is not None else None
    if body is None:
        return Track((), format="TTML")
    track = of_one_language(paragraphs(body))
    ordered = sorted(track.cues, key=lambda cue: cue.start_s)
    return Track(with_ends(ordered), track.language, "TTML")


def _renew(root: Element) -> None:
    """Give elements and attributes of DFXP, or of no namespace, the names that TTML has now."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        tag = element.tag if element.tag.startswith("{") else f"{{{_NAMESPACE}}}{element.tag}"
        element.tag = _OLD.sub(rf"{{{_NAMESPACE}\1}}", tag)
        for name in [name for name in element.attrib if _OLD.match(name)]:
            element.set(_OLD.sub(rf"{{{_NAMESPACE}\1}}", name), element.attrib.pop(name))


def paragraphs(element: ContentElement, begin_s: float = 0.0) -> Iterator[tuple[str, Cue]]:
    """(language, cue) of each paragraph at or below `element` of ttconv's model, whose parent
    begins at `begin_s`: times in the document count from the parent's begin."""
    from ttconv.model import P

    start, end = element.get_begin() or 0, element.get_end()
    if not isinstance(element, P):  # ttconv forgets its begin in the end that it reckons for it
        for child in element:
            yield from paragraphs(child, begin_s + float(start))
    elif text := _text(element).strip():
        end_s = begin_s + float(end) if end is not None and end > start else inf
        begin_s += float(start)
        spans = _spans(element)
        first_s = min((float(span.get_begin() or 0) for span in spans), default=0.0)
        ends = [span.get_end() for span in spans]
        last_s = max((inf if end is None else float(end) for end in ends), default=inf)
        yield element.get_lang(), Cue(begin_s + first_s, min(end_s, begin_s + last_s), text)


def _spans(paragraph: ContentElement) -> list[ContentElement]:
    """Those that say something; in karaoke they have times of their own."""
    return [span for span in paragraph if _text(span).strip()]


def _text(element: ContentElement) -> str:
    from ttconv.model import Br, Text

    if isinstance(element, Text):
        return re.sub(r"\s+", " ", element.get_text())
    return "\n" if isinstance(element, Br) else "".join(map(_text, element))
