"""The transformer: BERT (Devlin et al. 2019, arXiv 1810.04805) with MiniLM's weights.

Post-norm encoder, parameters named as in the published checkpoints, so that they load unchanged.
`SentenceBert` reads text alone; `model.videobert` runs text and video through the same parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class BertConfig:
    """all-MiniLM-L6-v2: six layers distilled from BERT (Wang et al. 2020, arXiv 2002.10957)."""

    vocab_size: int = 30522  # WordPiece, lower case
    dim: int = 384
    layers: int = 6
    heads: int = 12
    hidden: int = 1536
    max_tokens: int = 512
    token_types: int = 2
    norm_eps: float = 1e-12


class SentenceBert(nn.Module):
    """Word pieces to one unit vector a sentence.

    `token_ids` (B, T) int64 and `mask` (B, T), 1 on words and 0 on padding, give (B, 384) float32
    of unit length: the mean over words of the last layer (Reimers & Gurevych 2019, section 3).
    """

    def __init__(self, config: BertConfig = BertConfig()) -> None:
        super().__init__()
        self.embeddings = Embeddings(config)
        self.encoder = Encoder(config)

    def forward(self, token_ids: Tensor, mask: Tensor) -> Tensor:
        x = self.encoder(self.embeddings(token_ids), mask)  # (B, T, D)
        return F.normalize(masked_mean(x, mask), dim=-1)  # (B, D)


def masked_mean(x: Tensor, mask: Tensor) -> Tensor:
    """(B, S, D) and (B, S), 1 on what counts -> (B, D); zeros where nothing counts."""
    weights = mask[:, :, None].to(x.dtype)  # (B, S, 1)
    return (x * weights).sum(1) / weights.sum(1).clamp(min=1)


class Embeddings(nn.Module):
    """Content + position + token type, then a norm (Devlin et al., section 3, figure 2)."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(config.vocab_size, config.dim)
        self.position_embeddings = nn.Embedding(config.max_tokens, config.dim)
        self.token_type_embeddings = nn.Embedding(config.token_types, config.dim)
        self.LayerNorm = nn.LayerNorm(config.dim, eps=config.norm_eps)

    def forward(self, token_ids: Tensor) -> Tensor:  # (B, T) -> (B, T, D)
        """Text alone: positions 0, 1, 2 ..., all of type 0."""
        positions = torch.arange(token_ids.shape[1], device=token_ids.device)
        return self.place(self.word_embeddings(token_ids), positions, torch.zeros_like(token_ids))

    def place(self, content: Tensor, positions: Tensor, types: Tensor) -> Tensor:
        """(B, S, D) of whatever modality, at `positions` (S,) or (B, S) and of `types` (B, S)."""
        x = content + self.position_embeddings(positions)
        out: Tensor = self.LayerNorm(x + self.token_type_embeddings(types))
        return out


class Encoder(nn.Module):
    """The layers. `mask` (B, S) is 1 on what may be attended to and 0 on padding.

    Another `top` takes the place of as many of the last layers.
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.layer = nn.ModuleList(Layer(config) for _ in range(config.layers))

    def forward(  # (B, S, D) -> (B, S, D)
        self, x: Tensor, mask: Tensor, top: Sequence[nn.Module] = ()
    ) -> Tensor:
        hidden = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e9  # (B, 1, 1, S), added to logits
        for layer in [*self.layer[: len(self.layer) - len(top)], *top]:
            x = layer(x, hidden)
        return x


class Layer(nn.Module):
    """Self-attention, then two dense layers, each with a residual and a norm after it."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.attention = _Attention(config)
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(config.dim, config.hidden)})
        self.output = _Output(config.hidden, config)

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:  # (B, S, D) -> (B, S, D)
        x = self.attention(x, hidden)
        out: Tensor = self.output(F.gelu(self.intermediate["dense"](x)), x)
        return out


class _Attention(nn.Module):
    """Multi-head self-attention, with its dense layer, residual and norm.

    Concat(head_1 ... head_h) W_o, head_i = softmax(Q_i K_i^T / sqrt(d)) V_i
    (Vaswani et al. 2017, arXiv 1706.03762, section 3.2).
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.projections = ("query", "key", "value")
        self.self = nn.ModuleDict({n: nn.Linear(config.dim, config.dim) for n in self.projections})
        self.output = _Output(config.dim, config)

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:  # (B, S, D) -> (B, S, D)
        b, s, d = x.shape
        q, k, v = (
            self.self[name](x).view(b, s, self.heads, -1).transpose(1, 2)
            for name in self.projections
        )  # each (B, heads, S, D / heads)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=hidden)
        out: Tensor = self.output(y.transpose(1, 2).reshape(b, s, d), x)
        return out


class _Output(nn.Module):
    """A dense layer, the residual, and the norm."""

    def __init__(self, width: int, config: BertConfig) -> None:
        super().__init__()
        self.dense = nn.Linear(width, config.dim)
        self.LayerNorm = nn.LayerNorm(config.dim, eps=config.norm_eps)

    def forward(self, y: Tensor, residual: Tensor) -> Tensor:  # (B, S, width) -> (B, S, D)
        out: Tensor = self.LayerNorm(residual + self.dense(y))
        return out
