"""Transcripts as subtitle files that players read."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import TYPE_CHECKING

from indexer.media.reading import Transcript

if TYPE_CHECKING:
    from pysubs2 import SSAFile

MOST_S = 100 * 3600 - 0.001
"""SRT's last time: 99:59:59,999."""


def srt_text(transcript: Transcript) -> str:
    """SubRip (.srt); write it as UTF-8. Empty for a transcript without cues."""
    return _file(transcript, _plain).to_string("srt", keep_ssa_tags=True)


def webvtt_text(transcript: Transcript) -> str:
    """WebVTT (.vtt), as browsers read it; its header names the language."""
    text = _file(transcript, _escaped).to_string("vtt", keep_ssa_tags=True)
    if not transcript.language:
        return text
    return text.replace("WEBVTT\n", f"WEBVTT\nLanguage: {transcript.language}\n", 1)


def _plain(text: str) -> str:
    """SRT has no escapes, and its parsers look for this arrow."""
    return text.replace("-->", "->")


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _file(transcript: Transcript, written: Callable[[str], str]) -> SSAFile:
    from pysubs2 import SSAEvent, SSAFile, make_time

    file = SSAFile()
    for cue in transcript.cues:
        start_s, end_s = min(cue.start_s, MOST_S), min(cue.end_s, MOST_S)
        event = SSAEvent(make_time(s=start_s), make_time(s=end_s))
        event.plaintext = written(cue.text)
        file.append(event)
    return file
