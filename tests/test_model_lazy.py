"""Loaded once, whoever asks first."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from model.lazy import loaded_once
from model.registry import load_encoder
from model.videobert_encoder import VideoBertEncoder

THREADS = 4


class Slow:
    """Loads while others ask."""

    def __init__(self) -> None:
        self.loads = 0
        self.asked = threading.Barrier(THREADS)
        self.fails = False

    @loaded_once
    def network(self) -> object:
        """A network."""
        self.loads += 1
        if self.fails:
            raise OSError("no weights")
        threading.Event().wait(0.05)  # long enough for the others to come in
        return object()

    def ask(self) -> object:
        self.asked.wait()
        return self.network


def test_threads_that_ask_at_once_get_one_object():
    slow = Slow()
    with ThreadPoolExecutor(THREADS) as threads:
        found = {id(f.result()) for f in [threads.submit(slow.ask) for _ in range(THREADS)]}
    assert (len(found), slow.loads) == (1, 1)


def test_each_object_has_its_own():
    assert Slow().network is not Slow().network


def test_what_could_not_be_loaded_is_tried_again():
    slow = Slow()
    slow.fails = True
    with pytest.raises(OSError, match="no weights"):
        _ = slow.network
    slow.fails = False
    assert slow.network is slow.network
    assert slow.loads == 2


def test_it_keeps_its_description():
    assert Slow.network.__doc__ == "A network."


def test_first_questions_of_several_threads_load_the_text_tower_once(
    monkeypatch: pytest.MonkeyPatch,
):
    from model import text_features

    really_open, opened = text_features.open_text_features, []
    monkeypatch.setattr(
        text_features, "open_text_features", lambda c: opened.append(c) or really_open(c)
    )
    encoder = load_encoder(device="cpu")
    assert isinstance(encoder, VideoBertEncoder)
    start = threading.Barrier(THREADS)

    def ask() -> bytes:
        start.wait()
        return encoder.encode_text(["a dog"]).tobytes()

    with ThreadPoolExecutor(THREADS) as threads:
        answers = {f.result() for f in [threads.submit(ask) for _ in range(THREADS)]}
    assert (len(answers), len(opened)) == (1, 1)
