"""A Whisper of English with random weights, of 100 kB, in CTranslate2's format."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest

_WORDS = 400
_SPECIAL = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|en|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
    *(f"<|{n * 0.02:.2f}|>" for n in range(1501)),
)


def write_tiny_whisper(folder: Path) -> Path:
    """Skips the test where transformers or faster-whisper are not installed."""
    transformers = pytest.importorskip("transformers", reason="it makes the random Whisper")
    pytest.importorskip("faster_whisper", reason="it is what is tested")
    import torch
    from ctranslate2.converters import TransformersConverter

    source = folder / "source"
    _write_tokenizer(source)
    torch.manual_seed(0)
    config = transformers.WhisperConfig(
        vocab_size=_WORDS + len(_SPECIAL),
        d_model=8,
        encoder_layers=1,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=8,
        decoder_ffn_dim=8,
        init_std=0.5,
        pad_token_id=_WORDS,
        bos_token_id=_WORDS,
        eos_token_id=_WORDS,
        decoder_start_token_id=_WORDS + 1,
    )
    network = transformers.WhisperForConditionalGeneration(config)
    network.generation_config.update(suppress_tokens=[], begin_suppress_tokens=[_WORDS])
    network.save_pretrained(source)
    target = folder / "tiny"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the converter's and transformers' own
        converter = TransformersConverter(str(source), copy_files=["tokenizer.json"])
        converter.convert(str(target))
    return target


def _write_tokenizer(folder: Path) -> None:
    """As the published one: text, then languages, tasks and times. Its text is made up."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import WhisperTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = letters + [f"Ġw{n}" for n in range(_WORDS - len(letters))]
    tokenizer = Tokenizer(models.BPE({w: i for i, w in enumerate(words)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(list(_SPECIAL))
    folder.mkdir()
    WhisperTokenizerFast(tokenizer_object=tokenizer).save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps({"feature_size": 80}))
