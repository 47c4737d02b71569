"""Which encoder a library uses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from model.checkpoint import PRETRAINED, Checkpoint
from model.errors import CheckpointError
from model.towers.registry import is_dual_name, open_dual_tower

if TYPE_CHECKING:
    from model.encoder import Encoder


def load_encoder(model: Path | str | None = None, device: str = "auto") -> Encoder:
    """The encoder of the checkpoint in a folder, the shipped one by default, or of a published
    network by its name: a text as "siglip:google/siglip-base-patch16-224".

    `device` is "auto", "cpu" or "cuda". Of a checkpoint nothing heavy is loaded before the first
    call of the encoder; a published network is loaded at once. Raises ModelError.
    """
    if isinstance(model, str) and is_dual_name(model):
        from model.towers.tower_encoder import TowerEncoder

        return TowerEncoder(open_dual_tower(model, device))
    checkpoint = Checkpoint.open(Path(model) if model else PRETRAINED)
    kind = checkpoint.config.get("encoder")
    if kind != "videobert":
        raise CheckpointError(
            f"{checkpoint.folder}: unknown encoder {kind!r}. Upgrade videobert-search."
        )
    from model.videobert_encoder import VideoBertEncoder

    return VideoBertEncoder(checkpoint, device)
