"""OpenCLIP towers: CLIP (Radford et al. 2021, arXiv 2103.00020) in its open reproductions.

`openclip:ViT-B-32/laion2b_s34b_b79k` is an architecture and the tag of its published weights. The
tag may be a file, `openclip:ViT-B-32/weights.pt`, and the whole a folder with an
`open_clip_config.json` and weights, as the Hugging Face hub keeps them: `openclip:./folder`.
"""

from __future__ import annotations

from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

from model.errors import CheckpointError, ModelError
from model.towers.download import download_failed
from model.towers.preprocessing import Preprocessing
from model.towers.torch_tower import DualTorchTower

if TYPE_CHECKING:
    from torch import Tensor

CACHES = "~/.cache/huggingface and ~/.cache/clip"
EXAMPLE = "Example: openclip:ViT-B-32/laion2b_s34b_b79k"

# of files and networks, and of open_clip's own checks of what it read
_FAILURES = (OSError, RuntimeError, ValueError, KeyError, AssertionError, UnpicklingError)


class OpenClipTower(DualTorchTower):
    """Image and text tower of one OpenCLIP model."""

    def __init__(
        self, name: str, net: Any, config: dict[str, Any], tokenizer: Any, device: str
    ) -> None:
        pixels = net.visual.preprocess_cfg
        super().__init__(
            name,
            net,
            Preprocessing.of(pixels["size"], pixels["mean"], pixels["std"]),
            architecture={"openclip": config},
            feature_dim=int(config["embed_dim"]),
            device=device,
        )
        self._tokenizer = tokenizer

    def _pool(self, pixels: Tensor) -> Tensor:
        out: Tensor = self._net.encode_image(pixels)  # type: ignore[operator]
        return out

    def _read(self, texts: list[str]) -> Tensor:
        tokens = self._tokenizer(texts).to(self._device)  # (N, 77), padded to full length
        out: Tensor = self._net.encode_text(tokens)  # type: ignore[operator]
        return out


def open_openclip(name: str, source: str, device: str = "auto") -> OpenClipTower:
    """`source` is what follows `openclip:`. Raises ModelError."""
    import open_clip

    architecture, weights, quick_gelu = _parse(name, source)
    try:
        net = open_clip.create_model(
            architecture,
            pretrained=weights,
            force_quick_gelu=quick_gelu,
            require_pretrained=True,  # else it goes on with random weights
        )
        config = dict(open_clip.get_model_config(architecture))
        tokenizer = open_clip.get_tokenizer(architecture)
    except _FAILURES as error:
        if weights is None or Path(weights).is_file():
            raise CheckpointError(f"{name}: cannot be loaded ({error})") from error
        raise download_failed(name, CACHES, error) from error
    config["quick_gelu"] = quick_gelu or bool(config.get("quick_gelu"))
    return OpenClipTower(name, net, config, tokenizer, device)


def _parse(name: str, source: str) -> tuple[str, str | None, bool]:
    """(architecture, tag or file of the weights, whether the tag asks for QuickGELU).

    OpenAI's own weights were trained with it under architectures that do not name it.
    """
    import open_clip
    from open_clip.pretrained import get_pretrained_cfg

    if (folder := Path(source).expanduser()).is_dir():
        return f"local-dir:{folder}", None, False
    architecture, _, weights = source.partition("/")
    if open_clip.get_model_config(architecture) is None:
        raise ModelError(f"{name}: neither a folder nor an architecture of open_clip. {EXAMPLE}")
    if tag := get_pretrained_cfg(architecture, weights):
        return architecture, weights, bool(tag.get("quick_gelu"))
    if (file := Path(weights).expanduser()).is_file():
        return architecture, str(file), False
    tags = ", ".join(open_clip.list_pretrained_tags_by_model(architecture)) or "none"
    raise ModelError(
        f"{name}: {weights!r} is no file and no tag of {architecture}, which are: {tags}"
    )
