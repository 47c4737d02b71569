"""Video towers of torchvision, trained on Kinetics-400: S3D and R(2+1)D-18.

S3D (Xie et al. 2018, arXiv 1712.04851) is what VideoBERT was published with (arXiv 1904.01766,
section 4.2): a token is 1.5 s, its feature the activations before the classifier, averaged over
time and space to 1024 numbers. R(2+1)D (Tran et al. 2018, arXiv 1711.11248) gives 512.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

import numpy as np

from model.encoder import Float32, UInt8
from model.errors import CheckpointError
from model.towers.download import download_failed
from model.towers.preprocessing import Preprocessing
from model.towers.torch_tower import TorchTower

if TYPE_CHECKING:
    from torch import Tensor, nn

MEAN, STD = (0.43216, 0.394666, 0.37645), (0.22803, 0.22145, 0.216989)
"""Of Kinetics-400, torchvision's for all its video networks."""
BATCH = 2
"""Windows per call; one is 24 or 30 frames."""


@dataclass(frozen=True)
class VideoKind:
    """One network: the side of its frames, frames per 1.5 s, and its classifier's weight."""

    size: int
    frames: int
    feature_dim: int
    classifier: str
    weights: str


KINDS = {
    "s3d": VideoKind(224, 30, 1024, "classifier.1.weight", "S3D_Weights"),  # 20 fps, as published
    "r2plus1d_18": VideoKind(112, 24, 512, "fc.weight", "R2Plus1D_18_Weights"),  # 16 fps
}


class VideoTower(TorchTower):
    """Windows of frames to pooled features. It has no text tower: it sees for VideoBERT."""

    def __init__(self, name: str, net: nn.Module, kind: str, device: str = "auto") -> None:
        super().__init__(
            name,
            net,
            Preprocessing(KINDS[kind].size, MEAN, STD),
            architecture={"torchvision": kind, "frames": KINDS[kind].frames},
            feature_dim=KINDS[kind].feature_dim,
            device=device,
            batch=BATCH,
        )
        self.frames_per_window = KINDS[kind].frames

    def window_features(self, windows: UInt8) -> Float32:
        """(N, T, S, S, 3) uint8, each 1.5 s of video -> (N, D) float32, not normalised.

        T should be `frames_per_window`; other numbers are brought to it by leaving frames out or
        showing them longer.
        """
        self._check(windows, ndim=5)
        steps = np.linspace(0, windows.shape[1] - 1, self.frames_per_window).round().astype(int)
        return self._run(windows, self._batch, lambda some: self._see(some[:, steps]))

    def features(self, frames: UInt8) -> Float32:
        """A picture is a video in which nothing moves."""
        self._check(frames, ndim=4)
        return self.window_features(frames[:, None])

    def _pool(self, pixels: Tensor) -> Tensor:
        """(N, 3, T, S, S) -> (N, D); the classifier, which is linear, is left out."""
        net: Any = self._net
        if hasattr(net, "features"):  # S3D
            pooled: Tensor = net.avgpool(net.features(pixels)).mean((2, 3, 4))
            return pooled
        for stage in (net.stem, net.layer1, net.layer2, net.layer3, net.layer4):
            pixels = stage(pixels)  # (N, 512, T / 8, 7, 7) at the end
        return pixels.mean((2, 3, 4))


def open_video(name: str, kind: str, source: str, device: str = "auto") -> VideoTower:
    """`source` is a .pth file, or "" for torchvision's weights. Raises ModelError."""
    from torchvision.models import video

    weights = _read(name, source) if source else _download(name, kind)
    try:
        net = getattr(video, kind)(num_classes=len(weights[KINDS[kind].classifier]))
        net.load_state_dict(weights)
    except (RuntimeError, KeyError, TypeError) as error:
        raise CheckpointError(f"{name}: not the weights of {kind} ({error})") from error
    return VideoTower(name, net, kind, device)


def _read(name: str, source: str) -> dict[str, Tensor]:
    import torch

    try:
        weights: dict[str, Tensor] = torch.load(
            Path(source).expanduser(), map_location="cpu", weights_only=True
        )
    except (OSError, RuntimeError, EOFError, UnpicklingError) as error:
        raise CheckpointError(f"{name}: cannot be read ({error})") from error
    return weights


def _download(name: str, kind: str) -> dict[str, Tensor]:
    from torch import hub
    from torchvision.models import video

    published = getattr(video, KINDS[kind].weights).KINETICS400_V1
    try:
        weights: dict[str, Tensor] = published.get_state_dict(progress=True, check_hash=True)
    except (OSError, RuntimeError) as error:  # RuntimeError: the hash differs
        raise download_failed(name, f"{hub.get_dir()}/checkpoints", error) from error
    return weights
