"""SigLIP and CLIP towers by Hugging Face transformers.

SigLIP (Zhai et al. 2023, arXiv 2303.15343): `siglip:google/siglip-base-patch16-224`, a model of the
Hugging Face hub, or a folder that holds the same files.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.errors import CheckpointError, ModelError
from model.towers.download import download_failed
from model.towers.preprocessing import Preprocessing
from model.towers.torch_tower import DualTorchTower

if TYPE_CHECKING:
    from torch import Tensor, nn

KINDS = ("siglip", "clip")


class SiglipTower(DualTorchTower):
    """Image and text tower of one SigLIP or CLIP model."""

    def __init__(
        self, name: str, net: nn.Module, tokenizer: Any, preprocessing: Preprocessing, device: str
    ) -> None:
        config: Any = net.config
        super().__init__(
            name,
            net,
            preprocessing,
            architecture=_architecture(config),
            feature_dim=_width(config),
            device=device,
        )
        self._tokenizer = tokenizer
        self._length = int(config.text_config.max_position_embeddings)

    def _pool(self, pixels: Tensor) -> Tensor:
        return _pooled(self._net.get_image_features(pixel_values=pixels))  # type: ignore[operator]

    def _read(self, texts: list[str]) -> Tensor:
        """SigLIP was trained on lower case, padded to 64, the padding attended to."""
        tokens = self._tokenizer(
            [text.lower() for text in texts],
            padding="max_length",
            max_length=self._length,
            truncation=True,
            return_tensors="pt",
        )["input_ids"].to(self._device)  # (N, 64)
        return _pooled(self._net.get_text_features(input_ids=tokens))  # type: ignore[operator]


def open_siglip(name: str, source: str, device: str = "auto") -> SiglipTower:
    """`source` is what follows `siglip:`. Raises ModelError."""
    from huggingface_hub.constants import HF_HUB_CACHE
    from safetensors import SafetensorError

    folder = Path(source).expanduser()
    local = folder.is_dir()
    try:
        net, tokenizer, preprocessing = _load(name, str(folder) if local else source)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        if local:
            raise CheckpointError(f"{folder}: cannot be loaded ({error})") from error
        raise download_failed(name, str(HF_HUB_CACHE), error) from error
    return SiglipTower(name, net, tokenizer, preprocessing, device)


def _load(name: str, source: str) -> tuple[nn.Module, Any, Preprocessing]:
    from transformers import AutoConfig, AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()
    if not sys.stderr.isatty():
        logging.disable_progress_bar()
    config = AutoConfig.from_pretrained(source)
    if config.model_type not in KINDS:
        raise ModelError(f"{name}: of type {config.model_type!r}, but only {KINDS} are read")
    net, report = AutoModel.from_pretrained(source, output_loading_info=True)
    if missing := sorted(report["missing_keys"]):  # transformers fills them with random numbers
        raise CheckpointError(f"{name}: {len(missing)} tensors are missing, first {missing[0]}")
    return net.float(), AutoTokenizer.from_pretrained(source), _preprocessing(source, config)


def _preprocessing(source: str, config: Any) -> Preprocessing:
    """The image processors of transformers need torchvision or PIL; two constants are enough."""
    from transformers.image_processing_base import ImageProcessingMixin

    pixels = ImageProcessingMixin.get_image_processor_dict(source)[0]
    size = config.vision_config.image_size
    return Preprocessing.of(size, pixels["image_mean"], pixels["image_std"])


def _width(config: Any) -> int:
    """CLIP projects both towers to one width; SigLIP's are of one width already."""
    if config.model_type == "clip":
        return int(config.projection_dim)
    return int(config.vision_config.hidden_size)


def _pooled(output: Any) -> Tensor:
    """transformers 4 returns the vectors themselves."""
    pooled: Tensor = getattr(output, "pooler_output", output)
    return pooled


def _architecture(config: Any) -> dict[str, Any]:
    """What the shapes of the weights do not say. Not the whole configuration, to which each
    release of transformers adds.
    """
    towers = {
        tower: [part.num_attention_heads, part.hidden_act, part.layer_norm_eps]
        for tower, part in (("vision", config.vision_config), ("text", config.text_config))
    }
    return {"transformers": config.model_type, **towers}
