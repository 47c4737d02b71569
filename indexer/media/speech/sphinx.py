"""PocketSphinx (Huggins-Daines et al. 2006): English, small, offline, and older than networks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from indexer.errors import RecogniserUnavailable
from indexer.media.speech.film_sound import RATE_HZ, Sound
from indexer.media.speech.recogniser import Heard
from indexer.media.speech.words import Word, cues_of

_REMEDY = "Install it with: pip install pocketsphinx"
_FRAMES_HZ = 100
_MOST_PATHS = 3000
"""Hypotheses that are followed at once, a tenth of the default: on the vlog of
`benchmarks.speech` 0.6 of the time, for one word in a hundred more that is wrong."""
_VARIANT = re.compile(r"\(\d+\)$")
"""The dictionary writes a second way to say a word as `the(2)`."""


class Sphinx:
    """A `Recogniser` with the English model that the package carries. Not for several threads."""

    source = "pocketsphinx"

    def __init__(self) -> None:
        """Raises RecogniserUnavailable where pocketsphinx is not installed."""
        try:
            self.name = f"pocketsphinx {version('pocketsphinx')} en-us"
        except PackageNotFoundError as error:
            raise RecogniserUnavailable(f"pocketsphinx is not installed. {_REMEDY}") from error

    def transcribe(self, samples: Sound, start_s: float, language: str = "") -> Heard:
        """See `Recogniser.transcribe`. It is always English."""
        decoder = self._decoder
        decoder.start_utt()
        try:
            decoder.process_raw(samples.tobytes(), full_utt=True)
        finally:
            decoder.end_utt()
        cues = cues_of(_words(decoder, start_s))
        return Heard(cues, "en" if cues else "")

    @cached_property
    def _decoder(self) -> Any:
        try:
            from pocketsphinx import Decoder

            return Decoder(
                samprate=RATE_HZ, frate=_FRAMES_HZ, maxhmmpf=_MOST_PATHS, loglevel="FATAL"
            )
        except (ImportError, RuntimeError) as error:  # it raises RuntimeError for no model
            reason = f"pocketsphinx or its model cannot be loaded: {error}. {_REMEDY}"
            raise RecogniserUnavailable(reason) from error


def _words(decoder: Any, start_s: float) -> Iterator[Word]:
    for part in decoder.seg() or ():
        text = _VARIANT.sub("", part.word)
        if text[0] not in "<[+":  # <sil>, [NOISE], ++SMACK++
            begin_s = start_s + part.start_frame / _FRAMES_HZ
            yield Word(begin_s, start_s + (part.end_frame + 1) / _FRAMES_HZ, f" {text}")
