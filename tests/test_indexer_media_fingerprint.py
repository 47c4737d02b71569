from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest

from indexer.media.borders import between_bars, lit_rows
from indexer.media.fingerprint import LEVELS, Fingerprinter, decode
from tests.films import SIDE, film, fingerprint


def test_each_half_second_has_one_picture_and_a_standing_one_is_repeated():
    shown = film(1)
    watcher = Fingerprinter()
    for time_s in (0.0, 0.5, 2.0):
        watcher.add(time_s, shown(time_s))
    codes = decode(watcher.finish(3.2))
    assert codes.shape == (7, 144)
    assert codes.max() < LEVELS
    assert (codes[1:4] == codes[1]).all()
    assert (codes[4:] == codes[4]).all()
    assert (codes[0] != codes[1]).any()
    assert (codes[3] != codes[4]).any()


def test_a_picture_of_one_colour_carries_nothing():
    watcher = Fingerprinter()
    watcher.add(0.0, np.full((SIDE, SIDE, 3), 3, np.uint8))
    watcher.add(0.5, np.full((SIDE, SIDE, 3), 200, np.uint8))
    watcher.add(1.0, film(1)(0))
    assert decode(watcher.finish(1.5)).any(1).tolist() == [False, False, True]


def test_brightness_contrast_and_colour_change_little():
    plain = fingerprint(film(1), 4)
    duller = fingerprint(film(1), 4, edit=lambda p: (p * 0.6 + 50).astype(np.uint8))
    grey = fingerprint(
        film(1), 4, edit=lambda p: np.repeat(p.mean(2, keepdims=True), 3, 2).astype(np.uint8)
    )
    assert np.abs(plain.astype(int) - duller).max() <= 1
    assert np.abs(plain.astype(int) - grey).mean() < 3


def test_bars_are_cut_off():
    def letterboxed(picture: np.ndarray) -> np.ndarray:
        return np.pad(picture, ((16, 16), (0, 0), (0, 0)), constant_values=4)

    plain = fingerprint(film(2), 4)
    barred = fingerprint(film(2), 4, edit=letterboxed)
    assert np.abs(plain.astype(int) - barred).mean() < 1


def test_a_dark_scene_between_bright_ones_has_no_bars():
    dark = np.zeros((SIDE, SIDE, 3), np.uint8)
    dark[30:60, 30:60] = film(1)(0)[30:60, 30:60]
    watcher = Fingerprinter()
    for cell in range(8):
        watcher.add(cell / 2, dark if cell == 4 else film(1)(cell / 2))
    codes = decode(watcher.finish(4.0))[4].reshape(12, 12)
    assert len(np.unique(codes[:3])) == 1  # still the dark edge, not what was in the middle


def test_bars_are_black_lines_at_the_edges():
    grey = np.full((10, 20), 120, np.uint8)
    assert between_bars(lit_rows(grey)) == (0.0, 1.0)
    grey[:2] = 16
    assert between_bars(lit_rows(grey)) == (0.3, 1.0)  # and the line at the bar's edge
    assert between_bars(np.zeros(10, bool)) == (0.0, 1.0)


def test_nothing_added_is_an_error():
    with pytest.raises(ValueError, match="without pictures"):
        Fingerprinter().finish(1.0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2:", "version"),
        ("1:%", "damaged"),
        ("1:" + base64.b64encode(b"nothing").decode(), "damaged"),
        ("1:" + base64.b64encode(zlib.compress(b"\1" * 145)).decode(), "145 bytes"),
        ("1:" + base64.b64encode(zlib.compress(b"\xff" * 144)).decode(), "shades"),
        ("1:" + base64.b64encode(zlib.compress(bytes(15_000_000))).decode(), "bytes"),
    ],
)
def test_what_is_no_fingerprint_is_refused(text: str, reason: str):
    with pytest.raises(ValueError, match=reason):
        decode(text)
