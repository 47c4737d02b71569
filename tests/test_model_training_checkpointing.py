"""From the shipped checkpoint to the network that is trained, and back: nothing is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from model.checkpoint import PRETRAINED, Checkpoint
from model.errors import CheckpointError
from model.registry import load_encoder
from model.training.checkpointing import NETWORK, load_student, save_student
from model.training.optimiser import Rates, make_optimizer
from model.training.plan import Scope
from model.training.student import Student

TEXTS = ["a dog on a beach", "people at a long table", "a red car turns into a street"]


@pytest.fixture(scope="module")
def student() -> Student:
    return load_student(Checkpoint.open())


@pytest.fixture
def clips() -> list[np.ndarray]:
    draw = np.random.default_rng(0)
    width = int(Checkpoint.open().config["feature_dim"])
    return [np.abs(draw.normal(size=(n, width))).astype(np.float32) for n in (1, 6, 3)]


def test_the_network_reads_as_search_does(student: Student):
    """PyTorch on the trained network, and ONNX Runtime on the graph without weights."""
    expected = load_encoder(PRETRAINED, "cpu").encode_text(TEXTS)
    np.testing.assert_allclose(student.encode_text(TEXTS), expected, atol=1e-4)


def test_the_network_sees_as_search_does(student: Student, clips: list[np.ndarray]):
    expected = load_encoder(PRETRAINED, "cpu").encode_clips(clips)
    np.testing.assert_allclose(student.encode_clips(clips), expected, atol=1e-4)


def test_saved_unchanged_it_is_the_same_model(
    student: Student, clips: list[np.ndarray], tmp_path: Path
):
    save_student(student, tmp_path / "again", base=Checkpoint.open())
    before, again = load_encoder(PRETRAINED, "cpu"), load_encoder(tmp_path / "again", "cpu")
    np.testing.assert_array_equal(again.encode_text(TEXTS), before.encode_text(TEXTS))
    np.testing.assert_array_equal(again.encode_clips(clips), before.encode_clips(clips))
    assert again.feature_fingerprint == before.feature_fingerprint


def test_what_is_saved_is_what_was_trained(tmp_path: Path, clips: list[np.ndarray]):
    """The trunk's top, its gate and the regression come back; text's own layers stay text's."""
    student = load_student(Checkpoint.open())
    with torch.no_grad():
        student.net.gate += 0.5
        student.net.encoder.layer[-1].output.dense.weight.mul_(1.5)
        student.net.bridge.get_parameter("ridge_bias").add_(0.01)
    save_student(student, tmp_path / "new", base=Checkpoint.open())
    assert Checkpoint.open(tmp_path / "new").config["trunk"]
    again = load_student(Checkpoint.open(tmp_path / "new"))
    assert np.abs(again.encode_clips(clips) - student.encode_clips(clips)).max() < 0.02
    np.testing.assert_array_equal(again.encode_text(TEXTS), student.encode_text(TEXTS))
    encoder = load_encoder(tmp_path / "new", "cpu")
    np.testing.assert_allclose(encoder.encode_clips(clips), again.encode_clips(clips), atol=1e-5)


def test_training_the_heads_leaves_the_index_alone(clips: list[np.ndarray]):
    """What `model.pretraining` moves is nothing that a vector of the joint space is made of."""
    student = load_student(Checkpoint.open())
    text, video = student.encode_text(TEXTS), student.encode_clips(clips)
    optimizer = make_optimizer(student.net, torch.nn.Module(), Scope.HEADS, Rates(), 0.0)
    with torch.no_grad():
        for group in optimizer.param_groups:
            for weight in group["params"]:
                weight.add_(0.1)
    np.testing.assert_array_equal(student.encode_text(TEXTS), text)
    np.testing.assert_array_equal(student.encode_clips(clips), video)


def test_another_network_is_refused(student: Student, tmp_path: Path):
    folder = tmp_path / "odd"
    save_student(student, folder, base=Checkpoint.open())
    from model.checkpoint import write_manifest
    from model.weights import pack_int8, unpack_int8

    checkpoint = Checkpoint.open(folder)
    tensors = unpack_int8(checkpoint.read(NETWORK))
    tensors.pop("gate")
    (folder / NETWORK).write_bytes(pack_int8(tensors))
    write_manifest(folder, checkpoint.config)
    with pytest.raises(CheckpointError, match="not the network of this version"):
        load_student(Checkpoint.open(folder))
