"""Trains the recurrent text tower: `python -m model.export_recurrent --text FILE ... --out FOLDER`.

Needs the extra `pretrain`. The teacher is the text tower of a checkpoint, the shipped one by
default; its vectors of the sentences are all that is learned from.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Never

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model.checkpoint import PRETRAINED, Checkpoint, write_manifest
from model.errors import ModelError
from model.grouped_sentences import GroupedSentences
from model.text import MAX_TOKENS
from model.text_features import open_text_features
from model.tokenizer import CLS, SEP, WordPieces

if TYPE_CHECKING:
    from model.distillation import DistillationConfig, Lessons, Progress
    from model.recurrent import RecurrentText

CONFIG = {"text": "recurrent"}
CHUNK = 1024
"""Sentences that the teacher reads between two steps of the progress bar."""
TEACHER_FILES = ("text.onnx", "bert.safetensors", "recurrent.onnx", "tokenizer.json")

Vectors = NDArray[np.float16]


def main() -> None:
    from model.distillation import DistillationConfig

    config = DistillationConfig()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, nargs="+", required=True, help="TSV or CSV: caption")
    parser.add_argument("--out", type=Path, required=True, help="a folder of its own")
    parser.add_argument("--teacher", type=Path, default=PRETRAINED, help="a checkpoint")
    parser.add_argument("--cache", type=Path, help="folder that keeps the teacher's vectors")
    parser.add_argument("--epochs", type=int, default=config.epochs)
    parser.add_argument("--seed", type=int, default=config.seed)
    options = parser.parse_args()
    config = replace(config, epochs=options.epochs, seed=options.seed)
    try:
        teacher = Teacher(Checkpoint.open(options.teacher), options.cache)
        cosine = export(GroupedSentences.read(options.text), teacher, options.out, config)
    except ModelError as error:
        raise SystemExit(str(error)) from error
    print(f"{options.out}: cosine to the teacher {cosine:.4f} on held-out sentences")


def export(
    sentences: GroupedSentences, teacher: Teacher, out: Path, config: DistillationConfig
) -> float:
    """Write a checkpoint of text alone to `out`; returns the held-out cosine to the teacher.

    Raises ModelError where `out` holds another checkpoint, or nothing can be held out.
    """
    import onnx

    from model.recurrent_onnx import recurrent_graph

    manifest = out / "manifest.json"
    if manifest.exists() and Checkpoint.open(out).config != CONFIG:
        raise ModelError(f"{out}: holds another checkpoint. Give an empty folder as --out.")
    net, cosine = train(sentences, teacher, config)
    out.mkdir(parents=True, exist_ok=True)
    onnx.save(recurrent_graph(net), str(out / "recurrent.onnx"))
    (out / "tokenizer.json").write_bytes(teacher.checkpoint.read("tokenizer.json"))
    write_manifest(out, CONFIG)
    return cosine


def train(
    sentences: GroupedSentences, teacher: Teacher, config: DistillationConfig
) -> tuple[RecurrentText, float]:
    """The network, and its mean cosine to the teacher on the held-out sentences."""
    import torch

    from model.distillation import Lessons, distil
    from model.recurrent import RecurrentConfig, RecurrentText

    apart = sentences.held_out()
    if apart.all() or not apart.any():
        raise ModelError(f"{len(apart)} sentences are too few to hold any out. Give more text.")
    vectors = teacher(sentences.texts)
    words, lessons = teacher.vocabulary()
    token_ids = teacher.token_ids(sentences.where(~apart).texts)
    lessons = Lessons(
        [*token_ids, *lessons.token_ids], np.concatenate([vectors[~apart], lessons.vectors])
    )
    held_out = Lessons(teacher.token_ids(sentences.where(apart).texts), vectors[apart])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        net = RecurrentText(RecurrentConfig(vocab_size=len(words)))
    net.set_embeddings(torch.from_numpy(words.astype(np.float32)))
    with tqdm(desc="distil", unit=" batches") as bar:
        return net, distil(net, lessons, held_out, config, lambda progress: _show(bar, progress))


class Teacher:
    """The text tower of `checkpoint`; `cache` is a folder that keeps what it said."""

    def __init__(self, checkpoint: Checkpoint, cache: Path | None = None) -> None:
        self.checkpoint = checkpoint
        self._cache = cache
        self._tokenizer = checkpoint.read("tokenizer.json")

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """N sentences -> (N, 384) float16, unit length."""
        if self._cache is None:
            return self._encode(texts)
        path = self._cache / f"{self._key(texts)}.npy"
        if not path.exists():
            self._cache.mkdir(parents=True, exist_ok=True)
            np.save(path, self._encode(texts))
        vectors: Vectors = np.load(path)
        return vectors

    def token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The word pieces of each sentence, with [CLS] and [SEP]."""
        pieces = WordPieces(self._tokenizer).pieces(texts, MAX_TOKENS - 2)
        return [[CLS, *sentence, SEP] for sentence in pieces]

    def vocabulary(self) -> tuple[Vectors, Lessons]:
        """Vectors of all word pieces, (vocabulary, 384), and the whole words as sentences.

        So also words that no sentence holds are known, and one word is a sentence as well.
        """
        from model.distillation import Lessons

        index: dict[str, int] = json.loads(self._tokenizer)["model"]["vocab"]
        pieces = sorted(index, key=index.__getitem__)
        vectors = self([piece.removeprefix("##") for piece in pieces])
        whole = [i for i, piece in enumerate(pieces) if piece.isascii() and piece.isalpha()]
        return vectors, Lessons([[CLS, i, SEP] for i in whole], vectors[whole])

    def _encode(self, texts: Sequence[str]) -> Vectors:
        encoder = open_text_features(self.checkpoint)
        starts = tqdm(range(0, len(texts), CHUNK), desc="teacher", unit=" x 1024 sentences")
        chunks = [encoder(texts[start : start + CHUNK]) for start in starts]
        return np.concatenate(chunks).astype(np.float16)

    def _key(self, texts: Sequence[str]) -> str:
        said = [self.checkpoint.fingerprint_of(TEACHER_FILES), list(texts)]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def _show(bar: tqdm[Never], progress: Progress) -> None:
    """The bar, and a line at the end of every epoch."""
    bar.total = progress.steps
    bar.update(progress.step - bar.n)
    bar.set_postfix(loss=f"{progress.loss:.4f}", refresh=False)
    if progress.cosine is not None:
        bar.write(f"step {progress.step}: loss {progress.loss:.4f}, cosine {progress.cosine:.4f}")


if __name__ == "__main__":
    main()
