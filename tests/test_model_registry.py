"""Which encoder a library's `model` opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.checkpoint import PRETRAINED, Checkpoint
from model.errors import CheckpointError, ModelError
from model.registry import load_encoder
from model.towers.registry import FAMILIES, is_dual_name
from model.towers.tower_encoder import TowerEncoder
from tests.tiny_towers import SIDE, write_siglip


@pytest.mark.parametrize("model", [None, PRETRAINED, str(PRETRAINED)])
def test_a_folder_is_a_checkpoint_and_none_the_shipped_one(model: Path | str | None):
    assert load_encoder(model, "cpu").fingerprint == Checkpoint.open(PRETRAINED).fingerprint


def test_a_name_is_a_tower(tmp_path: Path):
    for package in ("transformers", "sentencepiece"):
        pytest.importorskip(package)
    encoder = load_encoder(f"siglip:{write_siglip(tmp_path)}", "cpu")
    assert isinstance(encoder, TowerEncoder)
    assert encoder.frame_size == SIDE


@pytest.mark.parametrize("model", ["siglip", "lite0", "s3d:file.pth", "clip:x", Path("siglip:x")])
def test_all_else_is_a_folder(tmp_path: Path, model: Path | str, monkeypatch: pytest.MonkeyPatch):
    """Also a folder of the name of a network, and one that is a Path."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CheckpointError, match="no readable manifest"):
        load_encoder(model)


def test_a_tower_that_is_not_there_is_named(tmp_path: Path):
    pytest.importorskip("transformers")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="empty"):
        load_encoder(f"siglip:{tmp_path / 'empty'}", "cpu")


def test_every_form_that_reads_is_a_name():
    assert {f.form for f in FAMILIES.values() if is_dual_name(f.form)} == {
        f.form for f in FAMILIES.values() if f.text
    }
