"""What all towers have in common: batches, unit length, device and fingerprint."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from model.encoder import Float32, UInt8
from model.errors import DeviceUnavailable
from model.lazy import loaded_once
from model.towers.preprocessing import Preprocessing

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

Rows = TypeVar("Rows", UInt8, list[str])
TEXTS = 64
"""Sentences per call."""


class TorchTower(ABC):
    """A `Tower` around a PyTorch network. A subclass says what the network does with pixels.

    `architecture` is JSON that, with the weights, tells this function from all others; `batch` is
    for the CPU, CUDA takes 16 times as many.
    """

    def __init__(
        self,
        name: str,
        net: nn.Module,
        preprocessing: Preprocessing,
        *,
        architecture: dict[str, Any],
        feature_dim: int,
        device: str = "auto",
        batch: int = 16,
    ) -> None:
        self.name = name
        self.feature_dim = feature_dim
        self.frame_size = preprocessing.size
        self._device = torch_device(device)
        self._net = net.eval().requires_grad_(False).to(self._device)
        self._preprocessing = preprocessing
        self._architecture = architecture
        self._batch = batch * 16 if self._device.type == "cuda" else batch

    @loaded_once
    def fingerprint(self) -> str:
        identity = [self._architecture, asdict(self._preprocessing), weights_hash(self._net)]
        return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]

    def features(self, frames: UInt8) -> Float32:
        self._check(frames, ndim=4)
        return self._run(frames, self._batch, self._see)

    def encode_frames(self, frames: UInt8) -> Float32:
        return unit(self.features(frames))

    @abstractmethod
    def _pool(self, pixels: Tensor) -> Tensor:
        """Preprocessed (N, 3, S, S) float32 -> (N, D): the layer before any classifier."""

    def _see(self, frames: UInt8) -> Tensor:
        return self._pool(self._preprocessing(frames, self._device))

    def _check(self, frames: UInt8, ndim: int) -> None:
        self._preprocessing.check(frames)
        if frames.ndim != ndim:
            raise ValueError(f"frames must have {ndim} axes, got {frames.shape}")

    def _run(self, rows: Rows, batch: int, call: Callable[[Rows], Tensor]) -> Float32:
        import torch

        vectors = np.empty((len(rows), self.feature_dim), np.float32)
        with torch.inference_mode():
            for i in range(0, len(rows), batch):
                vectors[i : i + batch] = call(rows[i : i + batch]).float().cpu().numpy()
        return vectors


class DualTorchTower(TorchTower):
    """A `DualTower` around a PyTorch network."""

    def encode_text(self, texts: Sequence[str]) -> Float32:
        return unit(self._run(list(texts), TEXTS, self._read))

    @abstractmethod
    def _read(self, texts: list[str]) -> Tensor:
        """N sentences -> (N, D). Padding is of fixed length, so that neighbours do not matter."""


def torch_device(name: str) -> torch.device:
    """`name` is "cpu", "cuda" or "auto". Raises DeviceUnavailable."""
    import torch

    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    elif name == "cuda" and not torch.cuda.is_available():
        raise DeviceUnavailable(
            "PyTorch finds no CUDA device. Use --device cpu, or install a CUDA build of torch."
        )
    return torch.device(name)


def weights_hash(net: nn.Module) -> str:
    """SHA-256 over all parameters and buffers: the same for the same weights in any file format."""
    digest = hashlib.sha256()
    for name, tensor in sorted(net.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(np.ascontiguousarray(tensor.cpu().numpy()).data)
    return digest.hexdigest()


def unit(x: Float32) -> Float32:
    """Rows scaled to length 1, kept float32."""
    norms = np.linalg.norm(x, axis=1, keepdims=True)
    return np.asarray(x / np.maximum(norms, np.float32(1e-12)), np.float32)
