"""Which encoder a library uses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from model.checkpoint import PRETRAINED, Checkpoint
from model.errors import CheckpointError

if TYPE_CHECKING:
    from model.encoder import Encoder


def load_encoder(folder: Path | None = None, device: str = "auto") -> Encoder:
    """The encoder of the checkpoint in `folder`, the shipped one by default.

    `device` is "auto", "cpu" or "cuda". Nothing heavy is loaded before the first call of the
    encoder. Raises CheckpointError.
    """
    checkpoint = Checkpoint.open(folder or PRETRAINED)
    kind = checkpoint.config.get("encoder")
    if kind != "videobert":
        raise CheckpointError(
            f"{checkpoint.folder}: unknown encoder {kind!r}. Upgrade videobert-search."
        )
    from model.videobert_encoder import VideoBertEncoder

    return VideoBertEncoder(checkpoint, device)
