"""What is said in a film: its sound to words with times."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from itertools import chain
from pathlib import Path

from indexer.errors import NoSound, RecognitionFailed
from indexer.media.jobs import DecodeLimits
from indexer.media.reading import Transcript
from indexer.media.speech.recogniser import Heard, Recogniser
from indexer.media.speech.sound import read_sound
from indexer.media.speech.spans import find_spans
from indexer.media.speech.stretches import Stretch, stretches
from indexer.media.speech.voice import Span, voice_probabilities


def recognise(path: Path, recogniser: Recogniser, limits: DecodeLimits | None = None) -> Transcript:
    """What `recogniser` hears in the film; no cue where there is no voice, or no sound track.

    The sound is decoded in a process of its own, as it is needed: neither it nor the time of a
    recogniser is spent on silence or music. Raises a MediaError, of which a run goes on, and
    RecogniserUnavailable, of which it cannot.
    """
    heard: list[Heard] = []
    spoken: Counter[str] = Counter()
    with closing(read_sound(path, limits)) as sound:
        try:
            for stretch in stretches(sound):
                said = _transcribed(path, recogniser, stretch, _most_common(spoken))
                spoken[said.language] += len(stretch.samples) if said.cues else 0
                heard.append(said)
        except NoSound:
            heard = []
    cues = tuple(chain.from_iterable(one.cues for one in heard))
    return Transcript(cues, _most_common(spoken), recogniser.source)


def voice_spans(path: Path, limits: DecodeLimits | None = None) -> list[Span]:
    """When there is a voice in the film, in order; never where there is no sound track.

    For `subtitle_offset`. Raises a MediaError, and RecogniserUnavailable.
    """
    with closing(read_sound(path, limits)) as sound:
        try:
            return find_spans(voice_probabilities(sound))
        except NoSound:
            return []


def _transcribed(path: Path, recogniser: Recogniser, stretch: Stretch, language: str) -> Heard:
    try:
        return recogniser.transcribe(stretch.samples, stretch.span.start_s, language)
    except (RuntimeError, ValueError, MemoryError) as error:  # a full GPU, among others
        reason = f"{recogniser.source} failed at {stretch.span.start_s:.0f} s: {error}"
        raise RecognitionFailed(path, reason) from error


def _most_common(spoken: Counter[str]) -> str:
    """The language that was heard for longest; empty where none is clear."""
    known = {language: count for language, count in spoken.items() if language and count}
    return max(known, key=known.__getitem__, default="")
