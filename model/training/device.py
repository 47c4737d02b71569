"""Where training runs."""

from __future__ import annotations

import torch

from model.errors import DeviceUnavailable


def training_device(name: str = "auto") -> str:
    """ "cpu" or "cuda" for "auto", "cpu" or "cuda". Raises DeviceUnavailable."""
    if name == "cuda" and not torch.cuda.is_available():
        raise DeviceUnavailable(
            "PyTorch finds no CUDA device. Use --device cpu, or install a CUDA build of torch."
        )
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return name
