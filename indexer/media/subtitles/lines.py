"""What pysubs2 reads: SubStation Alpha, MicroDVD, MPL2, TMP."""

from __future__ import annotations

import re

from indexer.media.subtitles.track import NotUnderstood, Track
from model.sentences import Cue

_SUBSTATION = re.compile(
    r"(?mi)^\[(?:Script Info|V4\+? Styles|Events)\]|^Dialogue:[^,\n]{0,99},\s{0,9}-?\d"
)
_DIALOGUE = re.compile(
    r"Dialogue:[^,\n]{0,99},\s{0,9}(-?\d{1,4}:\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?)\s{0,9},"
    r"\s{0,9}(-?\d{1,4}:\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?)\s{0,9},"
    r"(?:[^,\n]{0,999},){6}([^\n]*)"
)
_MICRODVD = re.compile(r"(?m)^ {0,9}\{ {0,9}\d{1,9} {0,9}\} {0,9}\{ {0,9}\d{1,9} {0,9}\}.")
_OWN_RATE = re.compile(
    r"\s{0,99}\{([01])\}\{[01]\}\s{0,9}(\d{1,3}(?:[.,]\d{1,9})?)[ \t]{0,9}(?:\n|$)"
)
_MPL2 = re.compile(r"(?m)^\[-?\d{1,9}\]\[-?\d{1,9}\]")
_TMP = re.compile(r"(?m)^\d{1,2}:\d\d:\d\d:.")
_OPEN_BRACE = re.compile(r"\{(?![^{}\n]{0,1000}\})")
_OPEN_TAG = re.compile(r"<(?= {0,99}/? {0,99}[a-zA-Z])(?![^<>\n]{0,1000}>)")


def is_substation(head: str) -> bool:
    """Whether `head`, the first characters of a file, is SSA or ASS."""
    return _SUBSTATION.search(head) is not None


def is_microdvd(head: str) -> bool:
    """Whether a line of `head` begins with two numbers of frames in braces."""
    return _MICRODVD.search(head) is not None


def is_mpl2(head: str) -> bool:
    """Whether a line of `head` begins with two tenths of seconds in brackets."""
    return _MPL2.search(head) is not None


def is_tmp(head: str) -> bool:
    """Whether a line of `head` begins with one time in whole seconds."""
    return _TMP.search(head) is not None


def read_substation(text: str, fps: float | None) -> Track:
    """Only the lines of dialogue are given on: a broken style or font must not cost the words."""
    found = _DIALOGUE.findall(text)
    lines = [f"Dialogue: 0,{start},{end},Default,,0,0,0,,{said}" for start, end, said in found]
    return Track(_parsed("\n".join(lines), "ass"))


def read_microdvd(text: str, fps: float | None) -> Track:
    """Frames are counted by the rate that the first line gives, else by `fps`, the video's."""
    if own := _OWN_RATE.match(text):
        text, fps = text[own.end() :], float(own[2].replace(",", "."))
    if not fps:
        raise NotUnderstood("it counts frames and does not say how many a second has")
    return Track(_parsed(_closed(text), "microdvd", fps))


def read_mpl2(text: str, fps: float | None) -> Track:
    """Times in tenths of a second."""
    return Track(_parsed(_closed(text), "mpl2"))


def read_tmp(text: str, fps: float | None) -> Track:
    """Starts in whole seconds, no ends: those are guessed from the length of the text."""
    return Track(_parsed(_closed(text), "tmp"))


def _closed(text: str) -> str:
    """Without brackets that nothing closes: pysubs2 looks for their ends again and again."""
    return _OPEN_TAG.sub("", _OPEN_BRACE.sub("", text))


def _parsed(text: str, kind: str, fps: float | None = None) -> tuple[Cue, ...]:
    from pysubs2 import SSAFile

    events = SSAFile.from_string(text, kind, fps=fps)
    return tuple(Cue(event.start / 1000, event.end / 1000, event.text) for event in events)
