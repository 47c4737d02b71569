"""Subtitles that are shifted as a whole are found; those that are not are left alone."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.media.speech.offset import likeness_of_shifts, subtitle_offset
from indexer.media.speech.spans import find_spans
from indexer.media.speech.voice import Span, voice_probabilities
from model.sentences import Cue
from tests.spoken import RATE_HZ, silence, speak

LAG_S = 0.2
"""Subtitles stand a little longer than what they say is heard."""


def talk(seed, minutes=10):
    """Spans as people speak: seconds of voice, shorter pauses, now and then a long one."""
    rng = np.random.default_rng(seed)
    now_s, spans = rng.exponential(3), []
    while now_s < 60 * minutes:
        length_s = float(np.clip(rng.lognormal(0.6, 0.6), 0.4, 12))
        spans.append(Span(now_s, now_s + length_s))
        now_s += length_s + (rng.exponential(60) if rng.random() < 0.06 else rng.exponential(3))
    return spans


def subtitles(spans, shift_s=0.0, seed=0):
    """Cues of nine spans in ten, none quite in time, shifted."""
    rng = np.random.default_rng(seed)
    return [
        Cue(
            max(0.0, span.start_s + rng.normal(0, 0.15) + shift_s),
            max(0.1, span.end_s + rng.exponential(2 * LAG_S) + shift_s),
            "words",
        )
        for span in spans
        if rng.random() < 0.9
    ]


@pytest.mark.parametrize("shift_s", [-45.0, -2.5, 0.9, 3.0, 17.3, 55.0])
def test_a_shift_is_found(shift_s):
    voice = talk(seed=1)
    found = subtitle_offset(voice, subtitles(voice, shift_s))
    assert found == pytest.approx(-shift_s, abs=0.4)


@pytest.mark.parametrize("seed", range(8))
def test_subtitles_in_time_are_left_alone(seed):
    voice = talk(seed)
    assert subtitle_offset(voice, subtitles(voice, seed=seed)) is None
    assert subtitle_offset(voice, subtitles(voice, 0.2, seed)) is None


@pytest.mark.parametrize("seed", range(8))
def test_subtitles_of_another_film_are_left_alone(seed):
    assert subtitle_offset(talk(seed), subtitles(talk(seed + 100))) is None


def test_a_shift_beyond_a_minute_is_not_looked_for():
    voice = talk(seed=2)
    assert subtitle_offset(voice, subtitles(voice, 90)) is None


def test_what_says_too_little():
    voice = talk(seed=3)
    assert subtitle_offset([], subtitles(voice, 5)) is None
    assert subtitle_offset(voice, []) is None
    assert subtitle_offset(voice[:15], subtitles(voice[:15], 5)) is None
    everywhere = [Cue(0, 600, "♪")] * 30
    assert subtitle_offset([Span(0, 600)], everywhere) is None
    assert subtitle_offset(voice, everywhere) is None


def test_every_other_cue_at_the_same_beat_has_rivals():
    """What repeats itself fits at many shifts: none is clear."""
    voice = [Span(10 * n, 10 * n + 4) for n in range(40)]
    assert subtitle_offset(voice, subtitles(voice, 5)) is None


def test_likeness_is_a_correlation():
    voice = talk(seed=4)
    same = [Cue(span.start_s, span.end_s, "") for span in voice]
    shifts, likeness = likeness_of_shifts(voice, same)
    assert len(shifts) == len(likeness) == 1201
    assert shifts[np.argmax(likeness)] == 0
    assert likeness.max() == pytest.approx(1)
    assert likeness.min() >= -1


def test_speech_with_shifted_subtitles():
    pytest.importorskip("faster_whisper", reason="it carries the network that finds voice")
    said = [speak("Please open the window."), speak("It is very warm in here, so let us go out.")]
    rng = np.random.default_rng(0)
    parts, cues, now = [], [], 0
    for number in range(24):
        pause, sentence = silence(rng.uniform(0.6, 3)), said[number % 2]
        start_s = (now + len(pause)) / RATE_HZ
        cues.append(Cue(start_s, start_s + len(sentence) / RATE_HZ, "words"))
        parts += [pause, sentence]
        now += len(pause) + len(sentence)
    voice = find_spans(voice_probabilities([np.concatenate(parts)]))
    assert subtitle_offset(voice, cues) is None
    late = [Cue(cue.start_s + 4.2, cue.end_s + 4.2, cue.text) for cue in cues]
    assert subtitle_offset(voice, late) == pytest.approx(-4.2, abs=0.3)
