"""Words and a clip read together: ONNX Runtime says what the network in PyTorch says."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

from model.alignment import Alignment
from model.checkpoint import ALIGNMENT, NETWORK, Checkpoint, write_manifest
from model.encoder import Float32
from model.errors import CheckpointError
from model.sequence import assemble
from model.training.checkpointing import load_student, save_student
from model.training.pairs import TrainingPair, segment_of
from model.training.student import Student

TEXTS = ["a dog on a beach", "a red car turns into a street", "word " * 90]


@pytest.fixture(scope="module")
def alignment() -> Alignment:
    return Alignment(Checkpoint.open())


@pytest.fixture(scope="module")
def student() -> Student:
    return load_student(Checkpoint.open())


def clips(*lengths: int) -> list[Float32]:
    draw = np.random.default_rng(0)
    width = int(Checkpoint.open().config["feature_dim"])
    return [np.abs(draw.normal(size=(n, width))).astype(np.float32) for n in lengths]


def by_torch(student: Student, text: str, seen: list[Float32]) -> Float32:
    pieces = student.pieces_of([text], student.net.config.max_text)[0]
    segments = [
        segment_of(TrainingPair("", clip, 0.0, 0.0, text), pieces, student.words_of(clip))
        for clip in seen
    ]
    with torch.inference_mode():
        return student.net.predict_alignment(student.net(assemble(segments)).cls).numpy()


@pytest.mark.parametrize("text", TEXTS, ids=["short", "longer", "cut"])
def test_it_says_what_the_network_says(alignment: Alignment, student: Student, text: str):
    seen = clips(1, 6, 3)
    expected = by_torch(student, text, seen)
    assert alignment(text, seen).dtype == np.float32
    np.testing.assert_allclose(alignment(text, seen), expected, atol=1e-3)


def test_it_depends_on_words_and_on_the_clip(alignment: Alignment):
    one, other = (alignment(text, clips(1, 6, 3)) for text in TEXTS[:2])
    assert not np.allclose(one, other, atol=1e-2)
    assert len(set(one.tolist())) == 3


def test_a_clip_does_not_depend_on_its_batch(alignment: Alignment):
    seen = clips(2, 9, 64, 1)
    alone = np.concatenate([alignment(TEXTS[0], [clip]) for clip in seen])
    np.testing.assert_allclose(alignment(TEXTS[0], seen), alone, atol=1e-3)


def test_a_clip_that_is_too_long_is_cut(alignment: Alignment):
    (long,) = clips(70)
    np.testing.assert_allclose(
        alignment(TEXTS[0], [long]), alignment(TEXTS[0], [long[:64]]), atol=1e-6
    )


def test_no_clips_give_no_answers(alignment: Alignment):
    assert alignment(TEXTS[0], []).shape == (0,)


def test_a_network_that_is_trained_further_needs_no_new_graph(student: Student, tmp_path: Path):
    trained = load_student(Checkpoint.open())
    with torch.no_grad():
        trained.net.encoder.layer[-1].output.dense.weight.mul_(1.5)
        trained.net.alignment_head[2].bias.add_(0.5)
        trained.net.visual_words.weight.add_(0.1)
    save_student(trained, tmp_path / "new", base=Checkpoint.open())
    again = load_student(Checkpoint.open(tmp_path / "new"))
    found = Alignment(Checkpoint.open(tmp_path / "new"))(TEXTS[0], clips(1, 6, 3))
    np.testing.assert_allclose(found, by_torch(again, TEXTS[0], clips(1, 6, 3)), atol=1e-3)
    assert not np.allclose(found, by_torch(student, TEXTS[0], clips(1, 6, 3)), atol=1e-2)


def test_heads_that_were_never_trained_are_refused(student: Student, tmp_path: Path):
    save_student(student, tmp_path / "bare", base=Checkpoint.open())
    (tmp_path / "bare" / NETWORK).unlink()
    write_manifest(tmp_path / "bare", Checkpoint.open().config)
    with pytest.raises(CheckpointError, match=r"never trained.*--rerank"):
        Alignment(Checkpoint.open(tmp_path / "bare"))


def test_the_graph_is_made_of_a_network_that_was_never_trained(tmp_path: Path):
    """Its biases are all zero, and must not become one."""
    pytest.importorskip("onnx")
    from model.export_onnx import export_alignment_graph

    bare = tmp_path / "bare"
    save_student(load_student(Checkpoint.open()), bare, base=Checkpoint.open())
    (bare / NETWORK).unlink()
    write_manifest(bare, {k: v for k, v in Checkpoint.open().config.items() if k != "videobert"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own
        export_alignment_graph(load_student(Checkpoint.open(bare)).net, tmp_path / "made.onnx")
    made = (tmp_path / "made.onnx").read_bytes()
    assert made == Checkpoint.open().read(ALIGNMENT)
