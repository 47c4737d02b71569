"""The recurrent text network: a bidirectional GRU over WordPiece embeddings.

Read in both directions (Schuster & Paliwal 1997) by gated recurrent units (Cho et al. 2014, arXiv
1406.1078, section 2.3), then pooled over words by learned weights or by the mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from model.tokenizer import VOCABULARY_SIZE


@dataclass(frozen=True)
class RecurrentConfig:
    """8.9 million weights, nearly all of them word embeddings; MiniLM has 22.7 million."""

    vocab_size: int = VOCABULARY_SIZE
    embedding: int = 256
    hidden: int = 256  # in each direction
    dim: int = 384
    pooling: Literal["attention", "mean"] = "attention"


class RecurrentText(nn.Module):
    """Word pieces to one unit vector a sentence, as `SentenceBert`.

    `token_ids` (B, T) int64 and `mask` (B, T) int64, 1 on words and 0 on the padding behind them,
    give (B, dim) float32 of unit length. No sentence is empty: at least [CLS] stands in it.
    """

    def __init__(self, config: RecurrentConfig = RecurrentConfig()) -> None:
        super().__init__()
        self.config = config
        width = 2 * config.hidden + config.embedding
        self.word_embeddings = nn.Embedding(config.vocab_size, config.embedding)
        self.gru = nn.GRU(config.embedding, config.hidden, batch_first=True, bidirectional=True)
        self.attention = nn.Linear(width, 1) if config.pooling == "attention" else None
        self.projection = nn.Linear(width, config.dim)
        if self.attention is not None:
            nn.init.zeros_(self.attention.weight)  # all words alike: training starts at the mean

    def forward(self, token_ids: Tensor, mask: Tensor) -> Tensor:
        x = self.word_embeddings(token_ids)  # (B, T, E)
        # the words themselves beside what was read: the GRU need not learn to copy them
        words = torch.cat([self._read(x, mask), x], -1)  # (B, T, 2 H + E)
        pooled = (self._weights(words, mask) * words).sum(1)  # (B, 2 H + E)
        return F.normalize(self.projection(pooled), dim=-1)  # (B, D)

    @torch.no_grad()
    def set_embeddings(self, vectors: Tensor) -> None:
        """Start from vectors of the words, (vocab_size, N) float32 with N >= `embedding`.

        Kept are their `embedding` principal components, scaled to unit variance over all.
        """
        vectors = vectors - vectors.mean(0)
        _, axes = torch.linalg.eigh(vectors.T @ vectors)  # (N, N), by rising variance
        components = vectors @ axes[:, -self.config.embedding :].flip(1)  # (V, E)
        self.word_embeddings.weight.copy_(components / components.std())

    def _read(self, x: Tensor, mask: Tensor) -> Tensor:  # (B, T, E) -> (B, T, 2 H)
        """Packed, or reading backwards would begin in the padding."""
        lengths = mask.sum(1).cpu()
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        hidden, _ = pad_packed_sequence(
            self.gru(packed)[0], batch_first=True, total_length=x.shape[1]
        )
        return hidden

    def _weights(self, words: Tensor, mask: Tensor) -> Tensor:  # (B, T, 2 H + E) -> (B, T, 1)
        """How much each word counts: they sum to 1 over a sentence, and padding has 0."""
        logits = words.new_zeros(*mask.shape, 1)
        if self.attention is not None:
            logits = self.attention(words)
        return logits.masked_fill(mask[:, :, None] == 0, -torch.inf).softmax(1)
