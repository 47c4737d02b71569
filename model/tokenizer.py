"""Word pieces (Wu et al. 2016, arXiv 1609.08144): BERT's lower-case vocabulary of 30,522."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

PAD = 0
BEGIN_VISUAL = 1
"""`[>]`: [unused0] of the vocabulary, which no text becomes."""
CLS = 101
SEP = 102
MASK = 103
VOCABULARY_SIZE = 30_522

Ids = NDArray[np.int64]


class WordPieces:
    """The tokenizer of a checkpoint. It keeps no state between calls, so threads may share it."""

    def __init__(self, content: bytes) -> None:
        """`content` is the checkpoint's tokenizer.json."""
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_buffer(content)
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._tokenizer.encode_special_tokens = True  # a typed "[SEP]" is text like any other

    def pieces(self, texts: Sequence[str], max_pieces: int) -> list[list[int]]:
        """The first `max_pieces` word pieces of each text, without special tokens."""
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [encoding.ids[:max_pieces] for encoding in encodings]

    def encode(self, texts: Sequence[str], max_tokens: int) -> tuple[Ids, Ids]:
        """N texts -> ids (N, T) and mask (N, T), 1 on tokens and 0 on padding.

        Each is `[CLS] text [SEP]` of at most `max_tokens`; T is the longest of them.
        """
        rows = [[CLS, *row, SEP] for row in self.pieces(texts, max_tokens - 2)]
        width = max(map(len, rows), default=0)
        ids = np.full((len(rows), width), PAD, np.int64)
        mask = np.zeros((len(rows), width), np.int64)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
        return ids, mask
