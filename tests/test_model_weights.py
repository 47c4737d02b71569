"""Weights stored in int8: small, near, and the same every time they are read."""

from __future__ import annotations

import numpy as np
import pytest

from model.errors import CheckpointError
from model.weights import pack_int8, unpack_int8


@pytest.fixture
def draw() -> np.random.Generator:
    return np.random.default_rng(0)


def test_a_matrix_comes_back_to_half_a_step_of_its_row(draw: np.random.Generator):
    matrix = draw.normal(size=(64, 256)).astype(np.float32) * np.logspace(-3, 3, 64)[:, None]
    back = unpack_int8(pack_int8({"w": matrix.astype(np.float32)}))["w"]
    step = np.abs(matrix).max(1, keepdims=True) / 127
    assert back.dtype == np.float32
    assert (np.abs(back - matrix) <= step * 0.5001).all()


def test_it_takes_a_quarter_of_the_place(draw: np.random.Generator):
    matrix = draw.normal(size=(512, 512)).astype(np.float32)
    assert len(pack_int8({"w": matrix})) < 0.27 * matrix.nbytes


def test_small_tensors_and_vectors_are_exact(draw: np.random.Generator):
    tensors = {
        "bias": draw.normal(size=10_000).astype(np.float32),
        "small": draw.normal(size=(3, 5)).astype(np.float32),
        "one": np.array(2.5, np.float32),
    }
    back = unpack_int8(pack_int8(tensors))
    assert back.keys() == tensors.keys()
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(back[name], tensor)


def test_a_convolution_has_a_scale_for_each_output(draw: np.random.Generator):
    kernel = draw.normal(size=(32, 16, 3, 3)).astype(np.float32)
    kernel[0] *= 1e-4
    back = unpack_int8(pack_int8({"k": kernel}))["k"]
    assert back.shape == kernel.shape
    assert np.abs(back[0] - kernel[0]).max() < 1e-5


def test_a_row_of_zeros_stays_one():
    back = unpack_int8(pack_int8({"w": np.zeros((128, 64), np.float32)}))["w"]
    assert (back == 0).all()


def test_packing_again_changes_nothing(draw: np.random.Generator):
    """A checkpoint that is loaded and saved keeps its fingerprint."""
    once = pack_int8({"w": draw.normal(size=(100, 100)).astype(np.float32)})
    assert pack_int8(unpack_int8(once)) == once


def test_what_is_no_such_file_is_refused():
    with pytest.raises(CheckpointError, match="cannot be read"):
        unpack_int8(b"not safetensors")
