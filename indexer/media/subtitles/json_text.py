"""JSON: YouTube's json3, speech recognisers' segments, and pysubs2's own."""

from __future__ import annotations

import json
from typing import Any

from indexer.media.subtitles.track import NotUnderstood, Track, until_next
from model.sentences import Cue


def is_json(head: str) -> bool:
    """Whether `head`, the first characters of a file, begins as an object or a list of them."""
    start = "".join(head[:200].split())[:2]
    return start.startswith('{"') or start in ("[{", "{", "[")


def read_json(text: str, fps: float | None) -> Track:
    """Raises NotUnderstood, or what else a file of another kind leads to."""
    data = json.loads(text)
    if isinstance(data, dict) and "events" in data:
        if "styles" in data and "info" in data:
            return Track(_pysubs2(text), format="pysubs2's JSON")
        return Track(until_next(_json3(data["events"])), format="YouTube's JSON")
    segments = data.get("segments") if isinstance(data, dict) else data
    if not isinstance(segments, list):
        raise NotUnderstood("it is JSON, but of no subtitles")
    language = data.get("language") if isinstance(data, dict) else None
    return Track(tuple(map(_segment, segments)), language if isinstance(language, str) else "")


def _pysubs2(text: str) -> tuple[Cue, ...]:
    from pysubs2 import SSAFile

    return tuple(
        Cue(event.start / 1000, event.end / 1000, event.text)
        for event in SSAFile.from_string(text, "json")
        if not event.is_comment
    )


def _json3(events: list[dict[str, Any]]) -> list[Cue]:
    """Events in milliseconds; those without segments place windows, those that append break
    lines."""
    cues = []
    for event in events:
        said = "".join(segment.get("utf8", "") for segment in event.get("segs", ()))
        if said.strip():
            start_s = event["tStartMs"] / 1000
            cues.append(Cue(start_s, start_s + event.get("dDurationMs", 0) / 1000, said))
    return cues


def _segment(segment: dict[str, Any]) -> Cue:
    """Start and end, or duration, in seconds, as Whisper, aeneas or youtube-transcript-api write
    them."""
    start_s = float(segment["start"])
    end_s = segment["end"] if "end" in segment else start_s + segment["duration"]
    return Cue(start_s, float(end_s), segment["text"])
