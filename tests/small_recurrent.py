"""Recurrent text networks that are small and quick, with random weights."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from model.checkpoint import write_manifest
from model.recurrent import RecurrentConfig, RecurrentText

TOY = RecurrentConfig(vocab_size=50, embedding=12, hidden=10, dim=8)
SMALL = RecurrentConfig(embedding=24, hidden=16)
"""All word pieces and the real width of vectors."""


def network(config: RecurrentConfig = TOY, seed: int = 0) -> RecurrentText:
    """Random weights; attention that is not the mean any more."""
    torch.manual_seed(seed)
    net = RecurrentText(config).eval()
    if net.attention is not None:
        torch.nn.init.normal_(net.attention.weight)
    return net


def write_checkpoint(folder: Path, tokenizer: bytes, config: RecurrentConfig = SMALL) -> None:
    """The files that a recurrent text tower is opened from."""
    onnx = pytest.importorskip("onnx")
    from model.recurrent_onnx import recurrent_graph

    onnx.save(recurrent_graph(network(config)), str(folder / "recurrent.onnx"))
    (folder / "tokenizer.json").write_bytes(tokenizer)
    write_manifest(folder, {"text": "recurrent"})
