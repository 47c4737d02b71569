"""Cosines become strengths that depend on what else the library holds."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.store.vectors import FaissStore
from search.calibration import PICTURE_CURVE, SAMPLE, SPEECH_CURVE, Calibration, Curve

CURVES = [PICTURE_CURVE, SPEECH_CURVE]


def store(vectors: np.ndarray) -> FaissStore:
    made = FaissStore(vectors.shape[1])
    made.add(np.arange(1, len(vectors) + 1), vectors.astype(np.float32))
    return made


def unit(rows: int, dim: int = 16, seed: int = 0) -> np.ndarray:
    x = np.random.default_rng(seed).normal(size=(rows, dim))
    return x / np.linalg.norm(x, axis=1, keepdims=True)


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize(
    "vectors", [np.empty((0, 16)), unit(1), unit(300), np.ones((5000, 16)) / 4]
)
def test_strengths_are_0_to_1_and_rise_with_the_cosine(curve: Curve, vectors: np.ndarray):
    cosines = np.linspace(-1, 1, 41)
    query = unit(1, seed=7)[0].astype(np.float32)
    strengths = Calibration(store(vectors), curve).strengths(query, cosines)
    assert np.isfinite(strengths).all()
    assert (np.diff(strengths) >= 0).all()
    assert strengths.min() >= 0
    assert strengths.max() <= 1


def test_nothing_is_calibrated_too():
    calibration = Calibration(store(unit(3)), PICTURE_CURVE)
    assert calibration.strengths(np.zeros(16, np.float32), np.array([])).shape == (0,)


def test_what_is_near_to_everything_stands_out_of_nothing():
    """The same cosine, to a query that all clips are near to and to one that none is."""
    vectors = unit(1000)
    vectors[:, 0] = np.abs(vectors[:, 0]) + 1
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    calibration = Calibration(store(vectors), PICTURE_CURVE)
    common, rare = np.eye(16, dtype=np.float32)[:2]
    assert calibration.strengths(common, np.array(0.9)) < 0.5
    assert calibration.strengths(rare, np.array(0.9)) > 0.5


@pytest.mark.parametrize("count", [SAMPLE + 10, 2 * SAMPLE - 1, 3 * SAMPLE])
def test_the_sample_is_of_the_whole_library(count: int):
    """The newer half is all alike: a query for it stands out of half of the library only."""
    vectors = np.tile(np.eye(4)[0], (count, 1))
    vectors[count // 2 :] = np.eye(4)[1]
    calibration = Calibration(store(vectors), PICTURE_CURVE)
    older, newer = np.eye(4, dtype=np.float32)[:2]
    both = [calibration.strengths(query, np.array(1.0)) for query in (older, newer)]
    assert both[0] == pytest.approx(both[1], rel=0.01)
