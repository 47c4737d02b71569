"""The joint space as a module that can be trained: `model.joint.JointSpace` in PyTorch."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.joint import CLASS_DIM, JointConfig


class Bridge(nn.Module):
    """Tokens (B, V, F) and their mask (B, V) to (B, D), not normalised: a clip before the trunk.

    `tensors` are those of `JointSpace`. The regression is trained; the classes and what they are
    called stay as published, so that a small library cannot unlearn them.
    """

    class_weight: Tensor
    class_bias: Tensor
    anchors: Tensor
    image_mean: Tensor
    text_map: Tensor

    def __init__(self, tensors: Mapping[str, Tensor], config: JointConfig = JointConfig()) -> None:
        super().__init__()
        self.config = config
        self.ridge_weight = nn.Parameter(tensors["ridge_weight"].clone())  # (D, F)
        self.ridge_bias = nn.Parameter(tensors["ridge_bias"].clone())  # (D,)
        for name in ("class_weight", "class_bias", "anchors", "image_mean", "text_map"):
            self.register_buffer(name, tensors[name].clone())

    def forward(self, features: Tensor, mask: Tensor) -> Tensor:
        seen = mask[:, :, None].float()  # (B, V, 1)
        tokens = features.float()
        pooled = (tokens * seen).sum(1) / seen.sum(1).clamp(min=1)  # (B, F)
        regressed = F.normalize(F.linear(pooled, self.ridge_weight, self.ridge_bias), dim=-1)
        concepts = F.normalize((self._concepts(tokens) * seen).sum(1), dim=-1)  # (B, D)
        named = F.normalize((concepts - self.image_mean) @ self.text_map, dim=-1)
        return regressed + self.config.concept_weight * named

    def _concepts(self, tokens: Tensor) -> Tensor:
        """(B, V, F) -> (B, V, D): expectation of the anchors over the likeliest classes."""
        logits = F.linear(tokens[..., :CLASS_DIM], self.class_weight, self.class_bias)
        logits = logits / self.config.temperature  # (B, V, K)
        k = min(self.config.top_k, logits.shape[-1])
        least = logits.topk(k, dim=-1).values[..., -1:]
        return logits.masked_fill(logits < least, -torch.inf).softmax(-1) @ self.anchors
