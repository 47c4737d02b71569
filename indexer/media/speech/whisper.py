"""Whisper (Radford et al. 2022) on CTranslate2, by way of faster-whisper."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import numpy as np

from indexer.errors import RecogniserUnavailable
from indexer.media.speech.recogniser import Heard
from indexer.media.speech.samples import RATE_HZ, Sound
from indexer.media.speech.whisper_model import find_model
from indexer.media.speech.words import Word, cues_of

DEFAULT_MODEL = "small"
SURE = 0.5
"""A language that is less probable is only a guess."""
_LOOP = 2.4
"""Text that zlib makes so many times smaller says one thing over and over (Radford et al.)."""
_TOKENS = 440
"""What fits in the network's memory beside its orders."""
_TOKENS_PER_S = 25
"""Nobody says more in a second, in any language."""
_MOST_THREADS = 8
_WAY = {
    "beam_size": 5,
    "temperature": 0.0,  # chance would make another transcript of the same film each time
    "condition_on_previous_text": False,  # else one loop leads to the next
    "word_timestamps": True,
    "no_speech_threshold": 0.6,
    "log_prob_threshold": -1.0,
    "compression_ratio_threshold": _LOOP,
    "hallucination_silence_threshold": 2.0,
}


class Whisper:
    """A `Recogniser` of some hundred languages, or of English for models called `.en`.

    What it makes up where nothing is said is held down: it gets voice only, what it takes for no
    speech itself is left out, and so is text that repeats itself.
    """

    source = "whisper"

    def __init__(self, model: str, device: str = "auto", compute: str = "default") -> None:
        """See `load_recogniser`. Raises RecogniserUnavailable."""
        found = find_model(model)
        self.name = found.name
        self._folder = found.folder
        self._device = device
        self._compute = compute

    def transcribe(self, samples: Sound, start_s: float, language: str = "") -> Heard:
        """See `Recogniser.transcribe`."""
        audio = samples.astype(np.float32) / np.float32(32768)
        length_s = len(samples) / RATE_HZ
        way = {**_WAY, "max_new_tokens": min(_TOKENS, 25 + round(_TOKENS_PER_S * length_s))}
        segments, info = self._network.transcribe(audio, **way)
        is_clear = info.language_probability >= SURE
        if language and not is_clear:
            segments, info = self._network.transcribe(audio, language=language, **way)
        cues = cues_of(_words(said(segments), start_s, length_s))
        return Heard(cues, info.language if is_clear or language else "")

    @cached_property
    def _network(self) -> Any:
        try:
            from faster_whisper import WhisperModel

            return WhisperModel(
                str(self._folder),
                device=self._device,
                compute_type=self._compute,
                cpu_threads=min(_MOST_THREADS, len(os.sched_getaffinity(0))),
                local_files_only=True,
            )
        except (ImportError, RuntimeError, ValueError, OSError) as error:
            raise RecogniserUnavailable(
                f"The Whisper model in {self._folder} cannot be loaded on {self._device!r} as "
                f"{self._compute!r}: {error}. Try the device cpu, or another model."
            ) from error


def said(segments: Iterable[Any]) -> Iterator[Any]:
    """The segments that are no loop and do not repeat the one before."""
    before = ""
    for segment in segments:
        text = segment.text.strip().casefold()
        if text and text != before and segment.compression_ratio <= _LOOP:
            yield segment
        before = text


def _words(segments: Iterable[Any], start_s: float, length_s: float) -> Iterator[Word]:
    for segment in segments:
        for word in segment.words:
            begin_s, end_s = np.clip([word.start, word.end], 0, length_s).tolist()
            yield Word(start_s + begin_s, start_s + end_s, word.word)
