"""What turns voice into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from indexer.media.speech.film_sound import Sound
from model.sentences import Cue


@dataclass(frozen=True)
class Heard:
    """What was said in one stretch of sound."""

    cues: list[Cue]
    """By start; times in seconds from the start of the presentation."""
    language: str
    """Primary language subtag of BCP 47, such as "en"; empty where it is not clear."""


class Recogniser(Protocol):
    """A speech recogniser. What is heavy is loaded at the first call."""

    @property
    def name(self) -> str:
        """Package, version and model: transcripts of another name are made anew."""

    @property
    def source(self) -> str:
        """Its short name, such as "pocketsphinx"."""

    def transcribe(self, samples: Sound, start_s: float, language: str = "") -> Heard:
        """What is said in `samples`, (n,) int16 mono at 16 kHz, at most about 30 s.

        They begin at `start_s` of the presentation. `language` is what the film was heard to be
        in so far; it counts where the stretch itself does not tell. Raises RecogniserUnavailable,
        and RuntimeError for what the package itself does.
        """
