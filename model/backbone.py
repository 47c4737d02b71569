"""The frame CNN: pictures to features, on the CPU or on CUDA.

EfficientNet-Lite2 at 260 x 260: its pooled layer, and the mean channels of its stages. On the CPU
an int8 graph in ONNX Runtime, whose first nodes are the preprocessing; on CUDA the same weights in
PyTorch. Both give features of one space.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from model.checkpoint import FRAMES, FRAMES_TORCH, Checkpoint
from model.encoder import Float32, UInt8
from model.errors import DeviceUnavailable
from model.joint import CLASS_DIM
from model.weights import unpack_int8

if TYPE_CHECKING:
    from torch import nn

FRAME_SIZE = 260
FEATURE_DIM = 1280 + 856
"""Pooled layer, which alone the classifier reads, and seven stages."""
BATCH = 4
"""Frames per call: 16 are no faster on the CPU (163 against 164 a second) and take 430 MiB more."""


class Backbone(Protocol):
    """(N, 260, 260, 3) uint8 RGB -> (N, 2136) float32, not class logits."""

    def __call__(self, frames: UInt8) -> Float32: ...


class OnnxBackbone:
    """The int8 graph on the CPU."""

    def __init__(self, checkpoint: Checkpoint, threads: int | None = None) -> None:
        from model.onnx_session import onnx_session

        self._session = onnx_session(checkpoint.read(FRAMES), threads)

    def __call__(self, frames: UInt8) -> Float32:
        batches = [
            self._session.run(None, {"frames": frames[i : i + BATCH]})[0]
            for i in range(0, len(frames), BATCH)
        ]
        return np.concatenate(batches) if batches else np.empty((0, FEATURE_DIM), np.float32)


class TorchBackbone:
    """The same network in PyTorch, for CUDA (and, in tests, for comparison)."""

    def __init__(self, checkpoint: Checkpoint, device: str = "cuda") -> None:
        import torch

        if device == "cuda" and not torch.cuda.is_available():
            raise DeviceUnavailable(
                "PyTorch finds no CUDA device. Use --device cpu, or install a CUDA build of torch."
            )
        self._device = torch.device(device)
        self._net = _load_lite2(checkpoint).to(self._device)

    def __call__(self, frames: UInt8) -> Float32:
        import torch

        size = 64 * BATCH
        with torch.inference_mode():
            batches = [
                self._net(torch.from_numpy(frames[i : i + size]).to(self._device))
                for i in range(0, len(frames), size)
            ]
            features = torch.cat(batches) if batches else torch.empty(0, FEATURE_DIM)
            return np.asarray(features.float().cpu().numpy(), np.float32)


def open_backbone(checkpoint: Checkpoint, device: str = "auto") -> Backbone:
    """`device` is "cpu", "cuda" or "auto": CUDA where there is a card and a torch that can use it.

    Raises DeviceUnavailable when "cuda" is asked for and cannot be had.
    """
    if device == "auto":
        device = "cuda" if _has_cuda() else "cpu"
    return TorchBackbone(checkpoint) if device == "cuda" else OnnxBackbone(checkpoint)


def _has_cuda() -> bool:
    """Looks for the driver first: importing torch takes seconds, and most machines have no card."""
    if not Path("/dev/nvidiactl").exists():
        return False
    import torch

    return torch.cuda.is_available()


def _load_lite2(checkpoint: Checkpoint) -> nn.Module:
    import torch

    from model.efficientnet import LITE_CONFIGS, EfficientNetLite, FrameFeatures

    stages = torch.zeros(FEATURE_DIM - CLASS_DIM)
    net = FrameFeatures(EfficientNetLite(LITE_CONFIGS["lite2"]), stages, stages.clone())
    weights = unpack_int8(checkpoint.read(FRAMES_TORCH))
    net.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in weights.items()})
    return net.eval()
