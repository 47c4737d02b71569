"""XML: TTML and DFXP, and YouTube's srv1 to srv3. Documents with a DTD are refused."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from indexer.media.subtitles.track import NotUnderstood, Track, until_next
from indexer.media.subtitles.ttml import read_ttml
from model.sentences import Cue


def is_xml(head: str) -> bool:
    """Whether `head`, the first characters of a file, begins with a tag."""
    return head.lstrip().startswith("<")


def read_xml(text: str, fps: float | None) -> Track:
    """Raises NotUnderstood, or a parser's error."""
    from defusedxml.ElementTree import fromstring

    root: Element = fromstring(text.lstrip(), forbid_dtd=True)
    kind = root.tag.rpartition("}")[2]
    if kind == "tt":
        return read_ttml(root)
    if kind in ("transcript", "timedtext"):
        return Track(until_next(_srv1(root) or _milliseconds(root)), format="YouTube's XML")
    raise NotUnderstood(f"it is XML, but <{kind[:40]}> holds no subtitles")


def _srv1(root: Element) -> list[Cue]:
    """<text start dur>, in seconds."""
    texts = [text for text in root.iter("text") if "start" in text.attrib]
    starts = [float(text.attrib["start"]) for text in texts]
    lengths = [float(text.attrib.get("dur", 0)) for text in texts]
    ends = lengths if _are_ends(starts, lengths) else map(float.__add__, starts, lengths)
    return [
        Cue(start, end, "".join(text.itertext()))
        for start, end, text in zip(starts, ends, texts, strict=True)
    ]


def _are_ends(starts: list[float], lengths: list[float]) -> bool:
    """Some programs write the end as `dur`: then each lies between two starts."""
    fits = all(length <= start for length, start in zip(lengths, starts[1:], strict=False))
    return len(starts) > 2 and fits and all(a < b for a, b in zip(starts, lengths, strict=True))


def _milliseconds(root: Element) -> list[Cue]:
    """srv2's <text t d> and srv3's <p t d>, whose words may be in <s>."""
    cues = []
    for element in root.iter():
        if element.tag in ("text", "p") and "t" in element.attrib:
            start_s = float(element.attrib["t"]) / 1000
            end_s = start_s + float(element.attrib.get("d", 0)) / 1000
            said = "".join(element.itertext())
            if said.strip():
                cues.append(Cue(start_s, end_s, said))
    return cues
