"""What is read out of a video's file besides its pictures: words, shots, fingerprints, tags.

A reading belongs to a content, not to an encoder: a new model reads no file again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from model.sentences import Cue


@dataclass(frozen=True)
class Transcript:
    """Words with times, of one subtitle file, one subtitle stream, or one speech recogniser."""

    cues: tuple[Cue, ...]
    """By start; times in seconds from the start of the presentation."""
    language: str = ""
    """Primary language subtag of BCP 47 in lower case, such as "en" or "zh"; empty if unknown."""
    source: str = "file"
    """`file` beside the video, `stream` in its container, or the recogniser's name."""
    name: str = ""
    """The file's name, or the stream's title; for people to read."""


@dataclass(frozen=True)
class ScreenText:
    """A line of text on screen, for as long as it stands there."""

    start_s: float
    end_s: float
    text: str
    confidence: float
    """Of the reader, 0 to 1."""


@dataclass(frozen=True)
class Reading:
    """All that was read out of one content. A part that was not asked for is None."""

    tags: dict[str, str] = field(default_factory=dict)
    """The container's own metadata, keys in lower case; see `indexer.media.metadata`."""
    chapters: tuple[Cue, ...] = ()
    """The container's chapters: their titles, and when they are."""
    subtitles: tuple[Transcript, ...] = ()
    """Text subtitles inside the container."""
    shots: tuple[float, ...] | None = None
    """Start of each shot, seconds, ascending; the first is 0."""
    fingerprint: str | None = None
    """See `indexer.media.fingerprint`: what near copies are found by."""
    screen: tuple[ScreenText, ...] | None = None
    """On-screen text, by start."""
    speech: Transcript | None = None
    """What a speech recogniser heard."""

    def to_json(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Of what `to_json` gave. Raises KeyError, TypeError or ValueError for anything else."""
        shots, screen, speech = values["shots"], values["screen"], values["speech"]
        return cls(
            tags={str(key): str(value) for key, value in values["tags"].items()},
            chapters=_cues(values["chapters"]),
            subtitles=tuple(_transcript(one) for one in values["subtitles"]),
            shots=None if shots is None else tuple(float(start) for start in shots),
            fingerprint=values["fingerprint"],
            screen=None if screen is None else tuple(ScreenText(**line) for line in screen),
            speech=None if speech is None else _transcript(speech),
        )


def _cues(values: list[dict[str, Any]]) -> tuple[Cue, ...]:
    return tuple(Cue(**cue) for cue in values)


def _transcript(values: dict[str, Any]) -> Transcript:
    return Transcript(**{**values, "cues": _cues(values["cues"])})
