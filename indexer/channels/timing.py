"""Subtitles that are early or late as a whole, put where the voice is.

A film of another release, or a cut beginning, shifts all subtitles by the same time (as ffsubsync
finds it). Only files beside the video are looked at: what is inside of it was put there in time.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from indexer.media.reading import Transcript
from indexer.media.speech.offset import FEWEST_CUES, subtitle_offset
from model.sentences import Cue


def in_time(transcript: Transcript, video: Path) -> Transcript:
    """The transcript, moved by its offset where that is clear; its name then says so.

    Raises a MediaError where the sound of `video` cannot be read.
    """
    from indexer.media.speech.recognition import voice_spans

    if len(transcript.cues) < FEWEST_CUES:
        return transcript
    offset_s = subtitle_offset(voice_spans(video), transcript.cues)
    if offset_s is None:
        return transcript
    cues = tuple(
        Cue(max(0.0, round(cue.start_s + offset_s, 3)), round(cue.end_s + offset_s, 3), cue.text)
        for cue in transcript.cues
        if cue.end_s + offset_s > 0
    )
    return replace(transcript, cues=cues, name=f"{transcript.name}, moved by {offset_s:+.1f} s")
