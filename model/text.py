"""The text tower: sentences to unit vectors by MiniLM in ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from model.checkpoint import BERT, TEXT, TOKENIZER, Checkpoint
from model.encoder import Float32
from model.tokenizer import WordPieces
from model.weights import unpack_int8

DIM = 384
MAX_TOKENS = 128
"""Word pieces that are read of a sentence; MiniLM was trained on up to 128."""
BATCH = 32
DENSE = ("encoder.", "feature_dense.", "class_weight")
"""How the names of dense layers over sequences begin, in the networks that are kept as graphs."""


def graph_weights(weights: Mapping[str, Float32]) -> dict[str, Float32]:
    """A network's tensors as its graph wants them: what dense layers multiply with, transposed."""
    return {
        f"{name}.T" if _is_transposed(name, value) else name: np.ascontiguousarray(
            value.T if _is_transposed(name, value) else value
        )
        for name, value in weights.items()
    }


def _is_transposed(name: str, value: Float32) -> bool:
    return name.startswith(DENSE) and value.ndim == 2


class SentenceEncoder:
    """all-MiniLM-L6-v2: weights kept as int8 per channel, arithmetic in float32.

    Dynamic int8 arithmetic would be smaller in memory, but its scales come from the whole batch: a
    sentence's vector would depend on its neighbours.
    """

    dim = DIM

    def __init__(self, checkpoint: Checkpoint) -> None:
        from model.onnx_session import onnx_session

        self._tokenizer = WordPieces(checkpoint.read(TOKENIZER))
        weights = unpack_int8(checkpoint.read(BERT))
        self._session = onnx_session(checkpoint.read(TEXT), weights=graph_weights(weights))

    def __call__(self, texts: Sequence[str]) -> Float32:
        """N sentences -> (N, 384) float32, unit length."""
        vectors = np.empty((len(texts), DIM), np.float32)
        by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # little padding
        for start in range(0, len(texts), BATCH):
            rows = by_length[start : start + BATCH]
            vectors[rows] = self._run([texts[i] for i in rows])
        return vectors

    def _run(self, texts: list[str]) -> Float32:
        token_ids, mask = self._tokenizer.encode(texts, MAX_TOKENS)
        inputs = {"token_ids": token_ids, "mask": mask}
        return np.asarray(self._session.run(None, inputs)[0], np.float32)
