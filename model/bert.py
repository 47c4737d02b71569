"""The text transformer: BERT (Devlin et al. 2019, arXiv 1810.04805) with MiniLM's weights.

Post-norm encoder, parameters named as in the published checkpoints, so that they load unchanged.
"""

from __future__ import annotations

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

    `token_ids` (B, T) int64 and `mask` (B, T) int64, 1 on words and 0 on padding, give (B, 384)
    float32: the mean over words of the last layer (Reimers & Gurevych 2019, section 3), unit length.
    """

    def __init__(self, config: BertConfig = BertConfig()) -> None:
        super().__init__()
        self.embeddings = _Embeddings(config)
        self.encoder = nn.ModuleDict(
            {"layer": nn.ModuleList(_Layer(config) for _ in range(config.layers))}
        )

    def forward(self, token_ids: Tensor, mask: Tensor) -> Tensor:
        x = self.embeddings(token_ids)  # (B, T, D)
        hidden = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e9  # (B, 1, 1, T), added to logits
        for layer in self.encoder["layer"]:
            x = layer(x, hidden)  # (B, T, D)
        weights = mask[:, :, None].to(x.dtype)  # (B, T, 1)
        return F.normalize((x * weights).sum(1) / weights.sum(1), dim=-1)  # (B, D)


class _Embeddings(nn.Module):
    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(config.vocab_size, config.dim)
        self.position_embeddings = nn.Embedding(config.max_tokens, config.dim)
        self.token_type_embeddings = nn.Embedding(config.token_types, config.dim)
        self.LayerNorm = nn.LayerNorm(config.dim, eps=config.norm_eps)

    def forward(self, token_ids: Tensor) -> Tensor:  # (B, T) -> (B, T, D)
        positions = torch.arange(token_ids.shape[1], device=token_ids.device)
        x = self.word_embeddings(token_ids) + self.position_embeddings(positions)
        return self.LayerNorm(x + self.token_type_embeddings.weight[0])


class _Layer(nn.Module):
    """Self-attention, then two dense layers, each with a residual and a norm after it."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.attention = nn.ModuleDict(
            {
                "self": nn.ModuleDict(
                    {n: nn.Linear(config.dim, config.dim) for n in ("query", "key", "value")}
                ),
                "output": _output(config.dim, config),
            }
        )
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(config.dim, config.hidden)})
        self.output = _output(config.hidden, config)
        self.heads = config.heads

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:  # (B, T, D) -> (B, T, D)
        out = self.attention["output"]
        x = out["LayerNorm"](x + out["dense"](self._attend(x, hidden)))
        y = F.gelu(self.intermediate["dense"](x))  # (B, T, hidden)
        return self.output["LayerNorm"](x + self.output["dense"](y))

    def _attend(self, x: Tensor, hidden: Tensor) -> Tensor:
        b, t, d = x.shape
        q, k, v = (
            self.attention["self"][name](x).view(b, t, self.heads, -1).transpose(1, 2)
            for name in ("query", "key", "value")
        )  # each (B, heads, T, D / heads)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=hidden)
        return y.transpose(1, 2).reshape(b, t, d)


def _output(width: int, config: BertConfig) -> nn.ModuleDict:
    return nn.ModuleDict(
        {
            "dense": nn.Linear(width, config.dim),
            "LayerNorm": nn.LayerNorm(config.dim, eps=config.norm_eps),
        }
    )
