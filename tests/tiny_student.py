"""A VideoBert that trains in seconds, and a world of videos in which it has something to learn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from model.bert import BertConfig
from model.bridge import Bridge
from model.encoder import Float32
from model.joint import JointConfig
from model.training.pairs import TrainingPair
from model.training.student import Student
from model.videobert import VideoBert, VideoBertConfig

FEATURES, WORDS, CLASSES, DIM = 6, 8, 1, 16
BERT = BertConfig(dim=DIM, layers=3, heads=2, hidden=32, max_tokens=96)
SUBJECTS = ("a dog", "the sea", "a red car", "people at a table", "snow on hills", "a small boat")


def tiny_bridge(draw: torch.Generator, features: int = FEATURES) -> Bridge:
    """It sees all classes alike, and knows nothing of what is said."""
    tensors = {
        "ridge_weight": 0.005 * torch.randn(DIM, features, generator=draw),
        "ridge_bias": torch.zeros(DIM),
        "class_weight": torch.randn(CLASSES, features, generator=draw),
        "class_bias": torch.zeros(CLASSES),
        "anchors": torch.randn(CLASSES, DIM, generator=draw),
        "image_mean": torch.zeros(DIM),
        "text_map": torch.eye(DIM),
    }
    return Bridge(tensors, JointConfig(concept_weight=0.1))


def pieces_of(texts: Sequence[str], most: int) -> list[list[int]]:
    """A word piece for each word: the same word, the same piece."""
    return [
        [1000 + sum(map(ord, word)) * 31 % 20_000 for word in text.lower().split()][:most]
        for text in texts
    ]


def words_of(features: Float32) -> np.ndarray:
    """The visual word is the largest of the features."""
    return features.argmax(1).astype(np.int64) if len(features) else np.empty(0, np.int64)


def tiny_student(seed: int = 0, features: int = FEATURES) -> Student:
    torch.manual_seed(seed)
    draw = torch.Generator().manual_seed(seed)
    config = VideoBertConfig(
        bert=BERT,
        feature_dim=features,
        words=WORDS,
        classes=CLASSES,
        max_text=16,
        max_visual=20,
        time_steps=32,
    )
    net = VideoBert(
        config,
        tiny_bridge(draw, features),
        torch.randn(CLASSES, DIM, generator=draw) * 0.02,
        torch.randn(CLASSES, features, generator=draw),
        torch.zeros(CLASSES),
    )
    student = Student(net, pieces_of, words_of, torch.zeros(DIM), torch.eye(DIM))
    sentences = torch.from_numpy(student.encode_text([f"here is {one}" for one in SUBJECTS]))
    student.text_mean = sentences.mean(0)  # an untrained trunk puts all of them near it
    return student


def world(videos: int = 6, sentences: int = 4, seed: int = 0) -> list[TrainingPair]:
    """Videos of one subject each, which every sentence names and the features show."""
    draw = np.random.default_rng(seed)
    pairs = []
    for number in range(videos):
        subject = number % len(SUBJECTS)
        for at in range(sentences):
            length = int(draw.integers(3, 7))
            tokens = draw.random((length, FEATURES)) * 0.6
            tokens[:, subject] += 2.0
            start = 5 * at * 1.5
            pairs.append(
                TrainingPair(
                    video=f"video{number}",
                    tokens=tokens.astype(np.float16),
                    start_s=start,
                    end_s=start + length * 1.5,
                    text=f"here is {SUBJECTS[subject]} number {at} of {number}",
                )
            )
    return pairs
