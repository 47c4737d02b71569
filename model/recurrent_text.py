"""The other text tower: sentences to unit vectors by a small recurrent network."""

from __future__ import annotations

from model.checkpoint import Checkpoint
from model.text import SentenceEncoder
from model.tokenizer import WordPieces


class RecurrentEncoder(SentenceEncoder):
    """`model.recurrent` in ONNX Runtime: word pieces, batches and vectors as the transformer's.

    Its vectors lie in the transformer's space, but only near it: a library is searched with the
    tower that its vectors were made with.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        from model.onnx_session import onnx_session

        self._tokenizer = WordPieces(checkpoint.read("tokenizer.json"))
        self._session = onnx_session(checkpoint.read("recurrent.onnx"))
