"""Weights are read only when they are the ones that the manifest names."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from model.checkpoint import PRETRAINED, Checkpoint, write_manifest
from model.errors import CheckpointError
from model.registry import load_encoder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The shipped checkpoint without its heavy files."""
    for name in ("manifest.json", "tokenizer.json", "frames.onnx"):
        shutil.copy(PRETRAINED / name, tmp_path / name)
    return tmp_path


def test_every_shipped_file_is_what_its_manifest_says():
    checkpoint = Checkpoint.open()
    for name in checkpoint.files:
        assert checkpoint.read(name)


def test_the_shipped_checkpoint_stays_small():
    assert sum(path.stat().st_size for path in PRETRAINED.iterdir()) < 45e6


def test_a_changed_byte_is_noticed(copy: Path):
    path = copy / "frames.onnx"
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    with pytest.raises(
        CheckpointError, match=r"frames\.onnx: SHA-256 differs.*Put the folder back"
    ):
        Checkpoint.open(copy).read("frames.onnx")


def test_what_is_shipped_comes_back_by_reinstalling(copy: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("model.checkpoint.PRETRAINED", copy)
    (copy / "manifest.json").unlink()
    with pytest.raises(CheckpointError, match="Reinstall videobert-search"):
        Checkpoint.open(copy)


def test_a_librarys_own_model_does_not(tmp_path: Path):
    with pytest.raises(CheckpointError, match=r"Put the folder back.*or take `model` out of"):
        Checkpoint.open(tmp_path / "models" / "5b1c")


def test_a_missing_file_is_named(copy: Path):
    with pytest.raises(CheckpointError, match=r"text\.onnx: cannot be read"):
        Checkpoint.open(copy).read("text.onnx")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}'])
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, text: str):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(CheckpointError, match="no readable manifest"):
        Checkpoint.open(tmp_path)


def test_a_newer_format_is_refused(copy: Path):
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"format": 99}))
    with pytest.raises(CheckpointError, match="format 99"):
        Checkpoint.open(copy)


def test_weights_and_configuration_make_the_fingerprint(copy: Path):
    write_manifest(copy, {"encoder": "videobert"})
    before = Checkpoint.open(copy).fingerprint
    write_manifest(copy, {"encoder": "videobert", "top_k": 1})
    configured = Checkpoint.open(copy).fingerprint
    (copy / "tokenizer.json").write_text("{}")
    write_manifest(copy, {"encoder": "videobert", "top_k": 1})
    assert len({before, configured, Checkpoint.open(copy).fingerprint}) == 3


def test_an_unknown_encoder_is_refused(copy: Path):
    write_manifest(copy, {"encoder": "from the future"})
    with pytest.raises(CheckpointError, match=r"from the future.*Upgrade"):
        load_encoder(copy)
