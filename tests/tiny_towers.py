"""Checkpoints of a few kilobytes with random weights, in the files of the published ones."""

from __future__ import annotations

import io
import json
from pathlib import Path

SIDE = 32
SENTENCES = (
    "a dog runs over the wet beach",
    "two people cook a meal in a small kitchen",
    "a man in a red coat walks slowly over a long wooden bridge",
    "snow falls on the quiet street at night",
)
_SIZES = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
}


def write_siglip(folder: Path, *, seed: int = 0, mean: float = 0.5) -> Path:
    """As google/siglip-base-patch16-224: weights, SentencePiece tokenizer, preprocessing."""
    import torch
    from transformers import SiglipConfig, SiglipModel, SiglipTokenizer

    torch.manual_seed(seed)
    config = SiglipConfig(
        text_config={**_SIZES, "vocab_size": 64, "max_position_embeddings": 12},
        vision_config={**_SIZES, "image_size": SIDE, "patch_size": 8},
    )
    SiglipModel(config).save_pretrained(folder)
    _write_pieces(folder / "spiece.model")
    SiglipTokenizer(str(folder / "spiece.model"), model_max_length=12).save_pretrained(folder)
    _write_pixels(folder, [mean] * 3, [0.5] * 3)
    return folder


def write_clip(folder: Path) -> Path:
    """As openai/clip-vit-base-patch32."""
    import torch
    from transformers import CLIPConfig, CLIPModel

    torch.manual_seed(0)
    letters = [chr(c) for c in range(33, 127)]
    words = [*letters, *(f"{x}</w>" for x in letters), "<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({word: i for i, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "CLIPTokenizer"}))
    end = {"bos_token_id": len(words) - 2, "eos_token_id": len(words) - 1}
    text = {**_SIZES, **end, "vocab_size": len(words), "max_position_embeddings": 77}
    vision = {**_SIZES, "image_size": SIDE, "patch_size": 8}
    config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=24)
    CLIPModel(config).save_pretrained(folder)
    _write_pixels(folder, [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711])
    return folder


def _write_pieces(path: Path) -> None:
    """SigLIP's pieces have </s> as their second, which pads too."""
    import sentencepiece

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 8),
        model_writer=model,
        vocab_size=64,
        pad_id=0,
        eos_id=1,
        unk_id=2,
        bos_id=-1,
        minloglevel=2,
        hard_vocab_limit=False,
    )
    path.write_bytes(model.getvalue())


def _write_pixels(folder: Path, mean: list[float], std: list[float]) -> None:
    pixels = {"image_mean": mean, "image_std": std, "size": {"height": SIDE, "width": SIDE}}
    (folder / "preprocessor_config.json").write_text(json.dumps(pixels))
