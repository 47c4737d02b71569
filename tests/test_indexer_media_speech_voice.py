"""Voice is found where it is, music and noise are none, and long speech comes in stretches."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from indexer.media.speech.spans import HANGOVER_S, LONGEST_S, PAD_S, SpanFinder, find_spans
from indexer.media.speech.stretches import LONGEST_S as LONGEST_STRETCH_S
from indexer.media.speech.stretches import stretches
from indexer.media.speech.voice import FRAME_S, VoiceDetector, voice_probabilities
from tests.spoken import RATE_HZ, melody, noise, silence, speak

needs_network = pytest.mark.usefixtures("network")


@pytest.fixture
def network():
    pytest.importorskip("faster_whisper", reason="it carries the network that finds voice")


def frames(*runs):
    """(seconds, probability) one after the other, as probabilities of frames."""
    parts = [np.full(round(s / FRAME_S), p, np.float32) for s, p in runs]
    return np.concatenate(parts)


def test_a_span_has_hysteresis_and_hangover():
    pause_s = HANGOVER_S / 2
    found = find_spans([frames((2, 0.1), (1, 0.9), (pause_s, 0), (1, 0.4), (2, 0.1), (1, 0.4))])
    assert len(found) == 1
    assert found[0].start_s == pytest.approx(2 - PAD_S, abs=2 * FRAME_S)
    assert found[0].end_s == pytest.approx(4 + pause_s + PAD_S, abs=2 * FRAME_S)


def test_a_click_is_no_voice_and_a_pause_divides():
    voice = (0.5, 0.9)
    found = find_spans([frames((1, 0), (0.1, 0.9), (1, 0), voice, (1, 0), voice)])
    assert [span.start_s for span in found] == pytest.approx([1.9, 3.4], abs=3 * FRAME_S)
    assert found[-1].end_s == pytest.approx(4.1, abs=3 * FRAME_S)  # the sound ends there


def test_long_voice_is_divided_where_it_is_weakest():
    weak = frames((20, 0.9), (0.1, 0.6), (40, 0.9))
    found = find_spans([weak])
    assert found[0].end_s == pytest.approx(20.05, abs=0.1)
    assert all(a.end_s == b.start_s for a, b in pairwise(found))
    assert all(span.end_s - span.start_s <= LONGEST_S for span in found)
    assert found[-1].end_s == pytest.approx(len(weak) * FRAME_S)


def test_it_does_not_matter_in_which_pieces_probabilities_come():
    random = np.random.default_rng(0).random(4000).astype(np.float32)
    smooth = np.convolve(random, np.ones(25) / 25, "same").astype(np.float32) * 2 - 0.5
    finder, found = SpanFinder(), []
    for piece in np.array_split(smooth, 37):
        found += finder.add(piece)
    whole = find_spans([smooth])
    assert len(whole) > 5
    assert found + finder.finish() == whole


@needs_network
@pytest.mark.parametrize("sound", [silence(6), noise(6), noise(6, 0.01), melody(6)])
def test_no_voice_in_silence_noise_and_music(sound):
    assert find_spans(voice_probabilities([sound])) == []


@needs_network
def test_digital_silence_is_not_even_looked_at(monkeypatch):
    detector = VoiceDetector()
    monkeypatch.setattr(detector, "_network", None)  # calling it would raise TypeError
    assert not detector.add(silence(10)).any()
    with pytest.raises(TypeError):
        detector.add(noise(10))


@needs_network
def test_voice_is_found_between_silence_music_and_noise():
    said = speak("We went to the market and bought some bread and milk.")
    sound = np.concatenate([silence(3), said, melody(4), said, noise(4)])
    found = find_spans(voice_probabilities(np.array_split(sound, 50)))
    length_s = len(said) / RATE_HZ
    assert len(found) == 2
    assert [span.start_s for span in found] == pytest.approx([3, 7 + length_s], abs=0.5)
    assert [s.end_s for s in found] == pytest.approx([3 + length_s, 7 + 2 * length_s], abs=0.6)


@needs_network
def test_long_speech_comes_in_stretches_that_hold_its_samples():
    said = speak("We went to the market and bought some bread and milk. ")
    sound = np.concatenate([silence(5), *[said] * 15, silence(5), said, silence(3)])
    blocks = np.array_split(sound, 300)
    found = list(stretches(blocks))
    assert len(found) >= 3
    assert all(0 < len(one.samples) / RATE_HZ <= LONGEST_STRETCH_S for one in found)
    for one in found:
        start = round(one.span.start_s * RATE_HZ)
        assert np.array_equal(one.samples, sound[start : start + len(one.samples)])
    ends = [0.0, *(one.span.end_s for one in found)]
    assert all(end_s <= one.span.start_s for end_s, one in zip(ends[:-1], found, strict=True))
    assert found[-1].span.start_s == pytest.approx(10 + 15 * len(said) / RATE_HZ, abs=0.5)
    total_s = sum(one.span.end_s - one.span.start_s for one in found)
    assert total_s == pytest.approx(16 * len(said) / RATE_HZ, rel=0.1)
