"""The text tower: sentences to unit vectors by MiniLM in ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.checkpoint import Checkpoint
from model.encoder import Float32

DIM = 384
MAX_TOKENS = 128
"""Word pieces that are read of a sentence; MiniLM was trained on up to 128."""
BATCH = 32


class SentenceEncoder:
    """all-MiniLM-L6-v2: weights kept as int8 per channel, arithmetic in float32.

    Dynamic int8 arithmetic would be smaller in memory, but its scales come from the whole batch: a
    sentence's vector would depend on its neighbours.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        from tokenizers import Tokenizer

        from model.onnx_session import onnx_session

        self._tokenizer = Tokenizer.from_buffer(checkpoint.read("tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        self._session = onnx_session(checkpoint.read("text.onnx"))

    def __call__(self, texts: Sequence[str]) -> Float32:
        """N sentences -> (N, 384) float32, unit length."""
        vectors = np.empty((len(texts), DIM), np.float32)
        by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # little padding
        for start in range(0, len(texts), BATCH):
            rows = by_length[start : start + BATCH]
            vectors[rows] = self._run([texts[i] for i in rows])
        return vectors

    def _run(self, texts: list[str]) -> Float32:
        encodings = self._tokenizer.encode_batch(texts)
        inputs = {
            "token_ids": np.array([e.ids for e in encodings], np.int64),
            "mask": np.array([e.attention_mask for e in encodings], np.int64),
        }
        return np.asarray(self._session.run(None, inputs)[0], np.float32)
