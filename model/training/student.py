"""The network that is trained, with what it needs to read sentences and tokens."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from model.classes import imagenet_classes
from model.encoder import Float32
from model.sequence import Batch, Segment, assemble
from model.training.batches import Batches, Texts
from model.training.pairs import Bags, TrainingPair, segment_of
from model.videobert import VideoBert

CHUNK = 64
"""Sentences or clips that go through the network at once when nothing is learnt."""

Item = TypeVar("Item")


class Towers(Protocol):
    """Of an `Encoder`, what is judged: two ways into one joint space."""

    def encode_clips(self, clips: Sequence[Float32]) -> Float32:
        """N clips, each (tokens, feature_dim) -> (N, dim), unit length."""

    def encode_text(self, texts: Sequence[str]) -> Float32:
        """N sentences -> (N, dim), unit length."""


@dataclass(eq=False)
class Student:
    """A VideoBert and the tokenizer, the visual words and the centre of its text space."""

    net: VideoBert
    pieces_of: Callable[[Sequence[str], int], list[list[int]]]
    """Sentences to their first so many word pieces, without special tokens."""
    words_of: Callable[[Float32], NDArray[np.int64]]
    """(N, F) features to their visual words (N,)."""
    text_mean: Tensor
    """(D,): what all sentences have in common; it is taken away before they are compared."""
    text_map: Tensor
    """(D, D): how much the directions of what is left count."""

    @property
    def device(self) -> torch.device:
        return self.text_mean.device

    @property
    def fingerprint(self) -> str:
        """16 hex digits over the weights as they are now."""
        digest = hashlib.sha256()
        for name, tensor in sorted(self.net.state_dict().items()):
            digest.update(name.encode())
            digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()[:16]

    def to(self, device: torch.device | str) -> Student:
        """Move the network; returns itself."""
        self.net.to(device)
        self.text_mean, self.text_map = self.text_mean.to(device), self.text_map.to(device)
        return self

    @contextmanager
    def judging(self) -> Iterator[None]:
        """The network as it is used, not as it is trained."""
        was = self.net.training
        self.net.eval()
        try:
            with torch.inference_mode():
                yield
        finally:
            self.net.train(was)

    def embed_texts(self, texts: Texts) -> Tensor:
        """N sentences -> (N, D), unit length, centred and whitened as `JointSpace.text` does."""
        if not len(texts.mask):
            return self.text_mean.new_empty(0, len(self.text_mean))
        moved = texts.to(self.device)
        vectors = self.net.encode_text(moved.token_ids, moved.mask)
        return F.normalize((vectors - self.text_mean) @ self.text_map, dim=-1)

    def embed_videos(self, videos: Batch) -> Tensor:
        """B sequences without text, on the network's device -> (B, D), unit length."""
        return self.net.encode_video(
            videos.features, videos.words, videos.times, videos.visual_mask
        )

    def segments(self, pairs: Sequence[TrainingPair]) -> list[Segment]:
        """The pairs as the network reads them; those whose text has no word piece are left out."""
        pieces = self.pieces_of([pair.text for pair in pairs], self.net.config.max_text)
        words = [self.words_of(pair.tokens.astype(np.float32)) for pair in pairs]
        return [segment_of(p, t, w) for p, t, w in zip(pairs, pieces, words, strict=True) if t]

    def batches(self, pairs: Sequence[TrainingPair], *, size: int, seed: int) -> Batches:
        """Steps over these pairs; general knowledge is what defines the ImageNet classes."""
        config = self.net.config
        generic = [one.sentence for one in imagenet_classes()]
        return Batches(
            Bags(self.segments(pairs)),
            self.pieces_of(generic, config.max_text),
            size=size,
            seed=seed,
            max_text=config.max_text,
            max_visual=config.max_visual,
        )

    def encode_text(self, texts: Sequence[str]) -> Float32:
        """As the `Encoder`: N sentences -> (N, D) float32, unit length."""
        longest = self.net.config.bert.max_tokens - 2
        with self.judging():
            rows = [
                self.embed_texts(Texts.of(self.pieces_of(part, longest), longest))
                for part in _chunks(texts)
            ]
        return self._joined(rows)

    def encode_clips(self, clips: Sequence[Float32]) -> Float32:
        """As the `Encoder`: N clips, each (tokens, F) -> (N, D) float32, unit length."""
        with self.judging():
            rows = [self.embed_videos(self._assemble(part)) for part in _chunks(clips)]
        return self._joined(rows)

    def bridged(self, clips: Sequence[Float32]) -> Float32:
        """N clips, each (tokens, F) -> (N, D) float32: the bridge alone, not normalised."""
        with self.judging():
            batches = (self._assemble(part) for part in _chunks(clips))
            rows = [self.net.bridge(one.features, one.visual_mask) for one in batches]
        return self._joined(rows)

    def _assemble(self, clips: Sequence[Float32]) -> Batch:
        """Sequences of clips. Tokens that the trunk has no places for are cut."""
        pairs = [TrainingPair("", clip.astype(np.float32), 0.0, 0.0, "") for clip in clips]
        words = [self.words_of(pair.tokens.astype(np.float32)) for pair in pairs]
        segments = [segment_of(pair, (), w) for pair, w in zip(pairs, words, strict=True)]
        room = self.net.config.bert.max_tokens - 3  # [CLS], [>] and [SEP]
        most = min(room, max(len(clip) for clip in clips))
        return assemble(segments, max_visual=most).to(self.device)

    def _joined(self, rows: list[Tensor]) -> Float32:
        empty = [self.text_mean.new_empty(0, len(self.text_mean))]
        return np.asarray(torch.cat([*empty, *rows]).float().cpu().numpy(), np.float32)


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
