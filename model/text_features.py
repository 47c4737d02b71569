"""Which network turns sentences into vectors: the transformer or the recurrent one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from model.checkpoint import Checkpoint
from model.encoder import Float32
from model.errors import CheckpointError


@runtime_checkable
class TextFeatures(Protocol):
    """Sentences to unit vectors; a sentence's vector never depends on its batch."""

    @property
    def dim(self) -> int:
        """Width of the vectors."""

    def __call__(self, texts: Sequence[str]) -> Float32:
        """N sentences -> (N, dim) float32, unit length."""


def open_text_features(checkpoint: Checkpoint) -> TextFeatures:
    """The tower that the checkpoint's configuration names under `text`, the transformer by default.

    Raises CheckpointError where this version has no such tower.
    """
    kind = checkpoint.config.get("text", "transformer")
    if kind == "transformer":
        from model.text import SentenceEncoder

        return SentenceEncoder(checkpoint)
    if kind == "recurrent":
        from model.recurrent_text import RecurrentEncoder

        return RecurrentEncoder(checkpoint)
    raise CheckpointError(
        f"{checkpoint.folder}: unknown text tower {kind!r}. Upgrade videobert-search."
    )
