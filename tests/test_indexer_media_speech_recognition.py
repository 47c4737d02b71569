"""From a film to words with times; nothing is heard where nothing is said."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from benchmarks.word_errors import distance, word_error_rate, words_of
from indexer.errors import NotAVideo, RecogniserUnavailable, RecognitionFailed
from indexer.media.speech.recogniser import Heard
from indexer.media.speech.recognition import recognise, voice_spans
from indexer.media.speech.registry import load_recogniser
from indexer.media.speech.words import Word, cues_of
from indexer.media.subtitle_files import read_subtitles
from model.sentences import Cue
from tests.spoken import RATE_HZ, melody, noise, silence, speak, write_film
from tests.synthetic import Clip, constant_rate, write_clip

SENTENCE = "We went to the market and bought some bread and milk."


class Echo:
    """Hears its own words, one stretch after the other."""

    name = source = "echo"

    def __init__(self, *languages):
        self.languages = list(languages)
        self.asked = []

    def transcribe(self, samples, start_s, language=""):
        self.asked.append(language)
        end_s = start_s + len(samples) / RATE_HZ
        return Heard([Cue(start_s, end_s, "words")], self.languages[len(self.asked) - 1])


@pytest.fixture(autouse=True)
def network():
    pytest.importorskip("faster_whisper", reason="it carries the network that finds voice")


def test_words_are_found_where_they_are_said(tmp_path):
    pytest.importorskip("pocketsphinx", reason="it is what is tested")
    said = speak(SENTENCE)
    sound = np.concatenate([melody(3), silence(1), said, silence(2)])
    path = write_film(tmp_path / "x.mp4", sound, codec="aac", sound_from_s=2.0)
    sphinx = load_recogniser("pocketsphinx")
    found = recognise(path, sphinx)
    heard = " ".join(cue.text for cue in found.cues)
    assert word_error_rate([(SENTENCE, heard)]) <= 0.5
    assert {"we", "went", "market"} <= set(words_of(heard))
    assert (found.language, found.source) == ("en", "pocketsphinx")
    assert found.cues[0].start_s == pytest.approx(6, abs=0.5)
    assert found.cues[-1].end_s == pytest.approx(6 + len(said) / RATE_HZ, abs=0.7)
    spans = voice_spans(path)
    assert [span.start_s for span in spans] == pytest.approx([6], abs=0.5)


def test_real_speech(shared_data):
    """Four seconds of a vlog; `python -m benchmarks.speech` measures all of it."""
    pytest.importorskip("pocketsphinx", reason="it is what is tested")
    film = shared_data / "narrated_videos" / "0J7UPHL08fU-Scene-006.mp4"
    found = recognise(film, load_recogniser("pocketsphinx"))
    said = " ".join(cue.text for cue in read_subtitles(film.with_suffix(".srt")).cues)
    assert word_error_rate([(said, " ".join(cue.text for cue in found.cues))]) <= 0.6


@pytest.mark.parametrize("sound", [silence(5), melody(5), noise(5)])
def test_no_cue_where_there_is_no_voice(tmp_path, sound):
    deaf = Echo()  # it has no language to answer with: being asked would raise
    path = write_film(tmp_path / "x.mkv", sound, codec="flac")
    assert recognise(path, deaf).cues == ()
    assert voice_spans(path) == []


def test_a_silent_film_says_nothing_and_a_bad_file_is_an_error(tmp_path):
    path = write_clip(tmp_path / "x.mp4", Clip(constant_rate(10, 1)))
    assert recognise(path, Echo()).cues == ()
    assert voice_spans(path) == []
    (tmp_path / "text.mp4").write_text("nothing " * 200)
    with pytest.raises(NotAVideo):
        recognise(tmp_path / "text.mp4", Echo())


def test_the_language_is_what_was_heard_for_longest(tmp_path):
    said = speak(SENTENCE)
    short = said[: len(said) // 2]
    pause = silence(4)
    sound = np.concatenate([short, pause, said, pause, short, pause])
    path = write_film(tmp_path / "x.mkv", sound, codec="flac")
    echo = Echo("de", "en", "")
    found = recognise(path, echo)
    assert len(found.cues) == 3
    assert found.language == "en"
    assert echo.asked == ["", "de", "en"]
    ends_s = [len(short), len(short) + len(pause), len(short) + len(pause) + len(said)]
    assert found.cues[1].start_s == pytest.approx(ends_s[1] / RATE_HZ, abs=0.5)


def test_a_recogniser_that_fails_costs_this_film_only(tmp_path):
    class Broken(Echo):
        def transcribe(self, samples, start_s, language=""):
            raise RuntimeError("CUDA out of memory")

    path = write_film(tmp_path / "x.mkv", speak(SENTENCE), codec="flac")
    with pytest.raises(RecognitionFailed, match="out of memory") as caught:
        recognise(path, Broken())
    assert caught.value.path == str(path)


def test_names_of_recognisers():
    with pytest.raises(RecogniserUnavailable, match="whisper:FOLDER"):
        load_recogniser("ear")
    with pytest.raises(RecogniserUnavailable, match="pocketsphinx"):
        load_recogniser("pocketsphinx:en")


def test_packages_that_are_missing_are_named(monkeypatch):
    from importlib.metadata import PackageNotFoundError

    from indexer.media.speech import sphinx, whisper_model

    def missing(name):
        raise PackageNotFoundError(name)

    for module in (sphinx, whisper_model):
        monkeypatch.setattr(module, "version", missing)
    for name, package in [("pocketsphinx", "pocketsphinx"), ("whisper", "faster-whisper")]:
        with pytest.raises(RecogniserUnavailable, match=f"pip install {package}"):
            load_recogniser(name)


def test_pocketsphinx_is_refused_where_no_voice_can_be_found(monkeypatch):
    pytest.importorskip("pocketsphinx", reason="it is what is tested")
    monkeypatch.setitem(sys.modules, "faster_whisper", None)  # as if it was not installed
    with pytest.raises(RecogniserUnavailable, match="pip install faster-whisper"):
        load_recogniser("pocketsphinx")


def test_words_are_grouped_at_pauses_and_to_a_few_seconds():
    words = [Word(n, n + 0.9, f" {n}") for n in range(10)]
    cues = cues_of([*words[:8], Word(9.0, 9.5, " after"), Word(9.6, 9.9, " that")])
    assert [cue.text for cue in cues] == ["0 1 2 3 4 5", "6 7", "after that"]
    assert (cues[0].start_s, cues[0].end_s) == (0, 5.9)
    assert cues_of([Word(0, 1, "你"), Word(1, 2, "好")])[0].text == "你好"
    assert cues_of([]) == []


def test_word_errors():
    assert distance(["a", "b", "c"], ["a", "x", "c", "d"]) == 2
    assert word_error_rate([("The cat, SAT.", "the cat"), ("yes", "no")]) == 0.5
    with pytest.raises(ValueError, match="no word"):
        word_error_rate([("", "words")])
