"""What moved is alike; what is another picture is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from indexer.media.likeness import Look, unlikeness


def picture(seed: int, *, hue: int) -> np.ndarray:
    """(96, 160, 3) uint8: spots of one hue."""
    spots = np.random.default_rng(seed).integers(0, 256, (8, 12), np.uint8)
    value = cv2.resize(spots, (160, 96), interpolation=cv2.INTER_CUBIC)
    hsv = np.stack([np.full_like(value, hue), np.full_like(value, 200), value], axis=-1)
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)


def difference(a: np.ndarray, b: np.ndarray) -> float:
    return unlikeness(Look.of(a), Look.of(b))


def test_the_same_picture_is_alike():
    assert difference(picture(0, hue=20), picture(0, hue=20)) == pytest.approx(0, abs=1e-3)


def test_a_picture_that_moved_is_more_alike_than_another():
    still, other = picture(0, hue=20), picture(1, hue=20)
    moved = np.roll(still, 16, axis=1)
    assert difference(still, moved) < 0.5 * difference(still, other)


def test_other_colours_add_to_other_shapes():
    assert difference(picture(0, hue=20), picture(1, hue=120)) > 0.33 + 0.9 * difference(
        picture(0, hue=20), picture(1, hue=20)
    )


def test_plain_pictures_differ_by_their_colours_only():
    red, blue = np.full((9, 9, 3), (200, 0, 0), np.uint8), np.full((9, 9, 3), (0, 0, 200), np.uint8)
    assert difference(red, blue) == pytest.approx(1 / 3)
    assert difference(red, red) == 0
