"""Which weights move, and how fast."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from model.training.plan import Scope

TOP_LAYERS = 2
PARTS = {
    "bridge": ("bridge",),
    "gate": ("gate",),
    "visual": (
        "visual_words",
        "visual_mask",
        "feature_norm",
        "feature_dense",
        "time_embeddings",
        "projection",
    ),
    "heads": ("piece_head", "word_head", "feature_head", "feature_table", "alignment_head"),
}
"""What of a VideoBert goes at which rate, beside the trunk."""


@dataclass(frozen=True)
class Rates:
    """Peak learning rates of AdamW, by part of the network."""

    bridge: float = 1e-6
    """So slow because `refit_bridge` has brought it where it belongs: at 1e-5 a hundred pairs are
    learnt by heart in sixty steps."""
    visual: float = 1e-4
    heads: float = 1e-4
    trunk: float = 2e-5
    gate: float = 3e-3
    """It starts at zero, and what it lets through starts with it."""


def make_optimizer(
    net: nn.Module, extra: nn.Module, scope: Scope, rates: Rates, weight_decay: float
) -> torch.optim.AdamW:
    """AdamW (Loshchilov & Hutter 2019) over what `scope` moves of a VideoBert; the rest is frozen.

    `extra` is trained beside it. Only matrices decay: not biases, norms, gates or embeddings.
    """
    layers = len(net.get_submodule("encoder.layer")._modules)
    groups: dict[tuple[str, bool], list[nn.Parameter]] = {}
    for name, weight in net.named_parameters():
        part = _part(name, scope, layers)
        weight.requires_grad_(part is not None)
        if part is not None:
            decays = weight.ndim > 1 and not name.startswith(("visual_words", "time_embeddings"))
            groups.setdefault((part, decays), []).append(weight)
    groups.setdefault(("heads", False), []).extend(extra.parameters())
    options: list[dict[str, Any]] = [
        {
            "params": weights,
            "lr": 0.0,
            "peak": getattr(rates, part),
            "weight_decay": weight_decay * decays,
        }
        for (part, decays), weights in groups.items()
    ]
    return torch.optim.AdamW(options)


def set_rates(optimizer: torch.optim.Optimizer, step: int, steps: int, warm_up: float) -> float:
    """The rates of a step, from 0, of `steps`; returns the factor of the peak rates.

    A line up over the first `warm_up` of the steps, then a line down to zero.
    """
    rising = max(1, math.ceil(steps * warm_up))
    factor = (step + 1) / rising if step < rising else (steps - step) / max(1, steps - rising)
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * factor
    return factor


def moving(optimizer: torch.optim.Optimizer) -> list[nn.Parameter]:
    """The weights that it steps."""
    return [weight for group in optimizer.param_groups for weight in group["params"]]


def _part(name: str, scope: Scope, layers: int) -> str | None:
    """The field of Rates that a parameter goes by, None when it is frozen."""
    head, _, rest = name.partition(".")
    if head == "embeddings":
        moves = scope is Scope.TRUNK and not rest.startswith("word_embeddings")
        return "trunk" if moves else None
    if head == "text_top":
        return "trunk" if scope in (Scope.TOP, Scope.TRUNK) else None
    if head == "encoder":
        top = int(rest.split(".")[1]) >= layers - TOP_LAYERS
        moves = scope is Scope.TRUNK or (scope in (Scope.HEADS, Scope.TOP) and top)
        return "trunk" if moves else None
    if head in ("gate", "projection") and scope in (Scope.HEADS, Scope.BRIDGE):
        return None
    if head == "bridge" and scope is Scope.HEADS:
        return None
    return next(part for part, names in PARTS.items() if head in names)
