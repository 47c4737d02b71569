"""faster-whisper's own loading and decoding, on a random network; and what is asked of it."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest

from indexer.errors import RecogniserUnavailable
from indexer.media.speech.registry import load_recogniser
from tests.spoken import RATE_HZ, noise
from tests.tiny_whisper import write_tiny_whisper

COMMIT = "0123456789abcdef" * 2 + "01234567"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_tiny_whisper(tmp_path_factory.mktemp("whisper"))


def test_a_real_network_is_loaded_and_heard(folder):
    whisper = load_recogniser(f"whisper:{folder}", "cpu", "int8")
    heard = whisper.transcribe(noise(0.4), 100.0)
    assert heard.language == "en"
    assert len(heard.cues) >= 1  # made up: its weights are random
    assert all(100 <= cue.start_s <= cue.end_s <= 100.4 for cue in heard.cues)
    assert heard == whisper.transcribe(noise(0.4), 100.0)


def test_its_name_tells_its_weights(folder, tmp_path):
    whisper = load_recogniser(f"whisper:{folder}")
    assert whisper.source == "whisper"
    assert whisper.name.startswith("faster-whisper ")
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert load_recogniser(f"whisper:{tmp_path}").name == whisper.name
    (tmp_path / "model.bin").write_bytes(b"other weights")
    assert load_recogniser(f"whisper:{tmp_path}").name != whisper.name


def test_damaged_weights(folder, tmp_path):
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes()[:1000])
    whisper = load_recogniser(f"whisper:{tmp_path}", "cpu")
    with pytest.raises(RecogniserUnavailable, match="cannot be loaded on 'cpu'"):
        whisper.transcribe(noise(0.4), 0.0)


def test_a_folder_that_holds_no_model(tmp_path):
    pytest.importorskip("faster_whisper")
    (tmp_path / "model.bin").write_bytes(b"x")
    with pytest.raises(RecogniserUnavailable, match=r"config\.json, tokenizer\.json missing"):
        load_recogniser(f"whisper:{tmp_path}")
    with pytest.raises(RecogniserUnavailable, match=r"model\.bin"):
        load_recogniser("whisper:/no/such/folder")


def test_names_that_are_none_or_cannot_be_fetched(monkeypatch):
    hub = pytest.importorskip("huggingface_hub")
    pytest.importorskip("faster_whisper")
    monkeypatch.setattr(hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(RecogniserUnavailable, match=r"one of: .*small"):
        load_recogniser("whisper:smal")
    with pytest.raises(RecogniserUnavailable, match="whisper:FOLDER"):
        load_recogniser("whisper:nobody/nothing")


@pytest.fixture
def cached(folder, tmp_path, monkeypatch):
    """A model of the name someone/tiny in the cache of Hugging Face, and no network."""
    hub = pytest.importorskip("huggingface_hub")
    monkeypatch.setattr(hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(hub.constants, "HF_HUB_CACHE", str(tmp_path))
    entry = tmp_path / "models--someone--tiny"
    shutil.copytree(folder, entry / "snapshots" / COMMIT)
    (entry / "refs").mkdir()
    (entry / "refs" / "main").write_text(COMMIT)
    return entry


def test_a_model_in_the_cache_is_not_fetched(cached):
    whisper = load_recogniser("whisper:someone/tiny", "cpu")
    assert whisper.name.endswith(f" someone/tiny {COMMIT[:12]}")
    assert whisper.transcribe(noise(0.4), 0.0).language == "en"


def test_a_cache_that_cannot_be_read(cached):
    (cached / "refs" / "main").unlink()
    (cached / "refs" / "main").mkdir()
    with pytest.raises(RecogniserUnavailable, match=r"directory.*whisper:FOLDER"):
        load_recogniser("whisper:someone/tiny")


class Network:
    """Gives the segments that it was made with, and remembers the languages asked for."""

    def __init__(self, *segments, probability=0.9):
        self.segments, self.probability, self.asked = segments, probability, []

    def transcribe(self, audio, language=None, **way):
        self.asked.append(language)
        language, probability = (language, 1.0) if language else ("cy", self.probability)
        info = SimpleNamespace(language=language, language_probability=probability)
        return iter(self.segments), info


def segment(text, start_s=0.0, compression=1.0):
    words = [
        SimpleNamespace(start=start_s + 0.3 * i, end=start_s + 0.3 * i + 0.2, word=f" {word}")
        for i, word in enumerate(text.split())
    ]
    return SimpleNamespace(text=f" {text}", words=words, compression_ratio=compression)


@pytest.fixture
def whisper(folder):
    return load_recogniser(f"whisper:{folder}", "cpu")


def test_text_that_repeats_itself_is_dropped(whisper, monkeypatch):
    loop = segment("la la la la la", 5, compression=9.0)
    again = segment("Thank you.", 2), segment("thank you.", 3)
    network = Network(segment("Thank you."), *again, loop, segment("Good bye.", 8))
    monkeypatch.setitem(whisper.__dict__, "_network", network)
    heard = whisper.transcribe(noise(10), 60.0)
    assert [(cue.start_s, cue.text) for cue in heard.cues] == [
        (60, "Thank you."),
        (68, "Good bye."),
    ]


def test_a_word_does_not_lie_beyond_the_sound(whisper, monkeypatch):
    monkeypatch.setitem(whisper.__dict__, "_network", Network(segment("one two three four five")))
    heard = whisper.transcribe(noise(1)[: RATE_HZ // 2], 60.0)
    assert heard.cues[-1].end_s == 60.5


def test_the_language_of_the_film_counts_where_a_stretch_does_not_tell(whisper, monkeypatch):
    sure, unsure = Network(segment("a")), Network(segment("a"), probability=0.2)
    monkeypatch.setitem(whisper.__dict__, "_network", sure)
    assert whisper.transcribe(noise(1), 0.0, "de").language == "cy"
    monkeypatch.setitem(whisper.__dict__, "_network", unsure)
    assert whisper.transcribe(noise(1), 0.0, "de").language == "de"
    assert whisper.transcribe(noise(1), 0.0).language == ""
    assert (sure.asked, unsure.asked) == ([None], [None, "de", None])
