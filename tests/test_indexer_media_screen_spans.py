"""From sightings to spans: flicker, movement, typing, noise."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.media.reading import ScreenText
from indexer.media.screen.line import Line
from indexer.media.screen.place import Place
from indexer.media.screen.spacing import SpacingDecoder
from indexer.media.screen.spans import ScreenSpans


def line(text: str, confidence: float = 0.95, top: int = 200, left: int = 40) -> Line:
    place = Place(left, top, left + 8 * len(text), top + 16)
    return Line(place, np.zeros((16, 8 * len(text)), np.int16), text, confidence)


def follow(*samples: list[Line], duration_s: float | None = None) -> tuple[ScreenText, ...]:
    """The spans of samples that are half a second apart."""
    spans = ScreenSpans()
    for index, lines in enumerate(samples):
        spans.see(index / 2, lines)
    return spans.finish(len(samples) / 2 if duration_s is None else duration_s)


def test_a_line_lasts_until_the_sample_in_which_it_is_gone():
    hello = [line("HELLO WORLD")]
    assert follow([], [], hello, hello, hello, [], [], []) == (
        ScreenText(1.0, 2.5, "HELLO WORLD", 0.95),
    )


def test_a_line_on_screen_at_the_end_lasts_to_the_end():
    hello = [line("HELLO WORLD")]
    assert follow([], hello, hello, duration_s=9.25)[0].end_s == 9.25


def test_flicker_is_one_span_with_the_best_reading():
    samples = [
        [line("HELL0 W0RLD", 0.85)], [line("HELLO WORLD", 0.98)], [], [line("HELL0 WORLD", 0.9)],
    ]  # fmt: skip
    assert follow(*samples) == (ScreenText(0.0, 2.0, "HELLO WORLD", 0.98),)


def test_a_pause_of_a_second_makes_two_spans():
    hello = [line("HELLO WORLD")]
    spans = follow(hello, hello, [], [], [], hello, hello)
    assert [(span.start_s, span.end_s) for span in spans] == [(0.0, 1.0), (2.5, 3.5)]


def test_another_text_in_the_same_place_is_another_line():
    first, second = [line("WHERE ARE YOU")], [line("I AM AT HOME")]
    spans = follow(first, first, second, second)
    assert [(span.text, span.start_s, span.end_s) for span in spans] == [
        ("WHERE ARE YOU", 0.0, 1.0),
        ("I AM AT HOME", 1.0, 2.0),
    ]


def test_text_typed_letter_by_letter_is_one_span_with_all_of_it():
    typed = [[line("HELLO WORLD"[:count])] for count in (2, 5, 8, 11, 11)]
    assert follow(*typed) == (ScreenText(0.0, 2.5, "HELLO WORLD", 0.95),)


def test_text_that_scrolls_through_is_one_span():
    scrolled = [[line("DIRECTED BY JANE DOE", top=top)] for top in range(400, 0, -60)]
    assert [(span.start_s, span.end_s) for span in follow(*scrolled)] == [(0.0, 3.5)]


def test_all_of_a_text_that_crawls_through_a_window_is_in_the_pieces():
    text = "storms are expected along the coast until friday and trains run late all week long"
    crawled = [[line(text[start : start + 40])] for start in range(0, len(text) - 16, 4)]
    words = {word for span in follow(*crawled) for word in span.text.split()}
    assert words >= set(text.split())


def test_a_standing_picture_that_comes_once_counts_for_as_long_as_it_stands():
    spans = ScreenSpans()
    spans.see(2.0, [line("THE END", 0.85)])
    spans.still(2.5)
    spans.see(30.0, [])
    assert spans.finish(31.0) == (ScreenText(2.0, 30.0, "THE END", 0.85),)


@pytest.mark.parametrize(
    ("text", "confidence", "samples"),
    [("HELLO WORLD", 0.7, 8), ("HELLO WORLD", 0.85, 1), ("M", 0.99, 8), ("~ ~ !", 0.99, 8)],
)
def test_noise_is_dropped(text, confidence, samples):
    assert follow(*[[line(text, confidence)]] * samples, []) == ()


def test_what_another_span_says_all_the_while_is_dropped():
    twice = [line("SALE"), line("SALE", top=20)]
    assert [span.end_s for span in follow(twice, twice, twice[:1])] == [1.5]


def test_spaces_that_the_network_doubts_are_put_back():
    characters = ["blank", "a", "b", " "]
    steps = [
        [0.1, 0.9, 0.0, 0.0], [0.1, 0.9, 0.0, 0.0], [0.98, 0.0, 0.0, 0.02], [0.1, 0.9, 0.0, 0.0],
        [0.6, 0.0, 0.0, 0.4], [0.7, 0.0, 0.0, 0.3], [0.2, 0.0, 0.8, 0.0], [0.6, 0.0, 0.0, 0.4],
    ]  # fmt: skip
    ((text, confidence),) = SpacingDecoder(characters)(np.array([steps], np.float32))
    assert text == "aa b"
    assert confidence == pytest.approx((0.9 + 0.9 + 0.8) / 3)
    assert SpacingDecoder(characters)(np.eye(4, dtype=np.float32)[None, :1]) == [("", 0.0)]
