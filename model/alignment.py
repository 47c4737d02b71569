"""Words and a clip read together: VideoBERT's trunk and alignment head in ONNX Runtime.

What a search needs of the network, so that a question does not wait for PyTorch.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.checkpoint import ALIGNMENT, NETWORK, TOKENIZER, Checkpoint
from model.encoder import Float32
from model.errors import CheckpointError
from model.network_tensors import alignment_tensors, open_vocabulary
from model.text import graph_weights
from model.tokenizer import BEGIN_VISUAL, CLS, WordPieces


class Alignment:
    """Called with a text and N clips, each (tokens, F), it gives (N,) float32 log-odds.

    Raises CheckpointError for a checkpoint whose heads were never trained.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        from model.onnx_session import onnx_session

        if NETWORK not in checkpoint.files or ALIGNMENT not in checkpoint.files:
            raise CheckpointError(
                f"{checkpoint.folder}: its alignment head was never trained, so it cannot look at "
                "answers again. Leave --rerank away, or run `videobert train`."
            )
        limits = checkpoint.config["videobert"]
        self._most_text, self._most_visual = limits["max_text"], limits["max_visual"]
        self._pieces = WordPieces(checkpoint.read(TOKENIZER))
        self._words = open_vocabulary(checkpoint)
        weights = graph_weights(alignment_tensors(checkpoint))
        self._session = onnx_session(checkpoint.read(ALIGNMENT), weights=weights)

    def __call__(self, text: str, clips: Sequence[Float32]) -> Float32:
        if not clips:
            return np.empty(0, np.float32)
        cut = [clip[: self._most_visual] for clip in clips]
        inputs = {**self._text(text, len(cut)), **self._video(cut)}
        return np.asarray(self._session.run(None, inputs)[0], np.float32)

    def _text(self, text: str, count: int) -> dict[str, NDArray[np.int64]]:
        """`[CLS] text [>]`, the same for each clip."""
        pieces = self._pieces.pieces([text], self._most_text)[0]
        ids = np.array([[CLS, *pieces, BEGIN_VISUAL]] * count, np.int64)
        return {"token_ids": ids, "text_mask": np.ones_like(ids)}

    def _video(self, clips: Sequence[Float32]) -> dict[str, NDArray[np.generic]]:
        """The clips, padded to the longest."""
        lengths = np.array([len(clip) for clip in clips])
        times = np.tile(np.arange(lengths.max()), (len(clips), 1))
        there = times < lengths[:, None]
        tokens = np.concatenate(clips).astype(np.float32)
        features = np.zeros((*there.shape, tokens.shape[1]), np.float32)
        words = np.zeros(there.shape, np.int64)
        features[there], words[there] = tokens, self._words.assign(tokens)
        mask = there.astype(np.int64)
        return {"features": features, "words": words, "times": times, "seen": mask}
