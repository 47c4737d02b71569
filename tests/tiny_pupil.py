"""A tiny student with the real bridge and eyes for plain colours, and a library to learn on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from indexer import pipeline
from model.bridge import Bridge
from model.checkpoint import Checkpoint
from model.encoder import Float32, UInt8
from model.training.student import Student
from tests.synthetic import Clip, constant_rate, write_clip
from tests.tiny_checkpoint import WEIGHTS, TinyEncoder
from tests.tiny_student import CLASSES, DIM, FEATURES, tiny_student

COLOURS = ((230, 20, 20), (20, 200, 20), (20, 20, 230), (230, 230, 20), (20, 200, 200), (200,) * 3)
SHOWN_S = 9.0


def tiny_pupil() -> Student:
    """It sees six colours, and tells the first from the others at most.

    To tell nothing apart would not do: a generation of equal vectors is refused.
    """
    student = tiny_student()
    tells_first = torch.zeros(DIM, FEATURES)
    tells_first[0, 0] = 1.0
    tensors = {
        "ridge_weight": tells_first,
        "ridge_bias": torch.ones(DIM),
        "class_weight": torch.zeros(CLASSES, FEATURES),
        "class_bias": torch.zeros(CLASSES),
        "anchors": torch.ones(CLASSES, DIM),
        "image_mean": torch.zeros(DIM),
        "text_map": torch.eye(DIM),
    }
    student.net.bridge = Bridge(tensors)
    student.net.eval()
    return student


def load_pupil(checkpoint: Checkpoint) -> Student:
    student = tiny_pupil()
    student.net.load_state_dict(load_file(checkpoint.folder / WEIGHTS))
    return student


class PupilEncoder(TinyEncoder):
    """The `Encoder` of a tiny pupil's checkpoint: how near a frame is to each colour."""

    feature_fingerprint = "six colours"

    def __init__(self, folder: Path) -> None:
        checkpoint = Checkpoint.open(folder)
        self.fingerprint = checkpoint.fingerprint
        self._student = load_pupil(checkpoint)

    def frame_features(self, frames: UInt8) -> Float32:
        mean = frames.mean((1, 2), dtype=np.float32)  # (N, 3)
        apart = np.linalg.norm(mean[:, None] - np.array(COLOURS, np.float32), axis=2)
        return np.exp(-apart / 50).astype(np.float32)


def open_pupil(folder: Path, device: str = "cpu") -> PupilEncoder:
    return PupilEncoder(folder)


def index_colours(root: Path, folder: Path, encoder: PupilEncoder, videos: int) -> None:
    """Videos that show three colours each, in another order, every one for a clip's length."""
    draw = np.random.default_rng(0)
    casts = list(combinations(range(len(COLOURS)), 3))
    for number in range(videos):
        order = draw.permutation(np.repeat(casts[number % len(casts)], 4))
        write_film(folder / f"video{number:02}.mp4", order.tolist())
        path = folder / f"video{number:02}.srt"
        path.write_text(subtitles([f"This is colour {i}." for i in order]))
    report = pipeline.index(root, [folder], encoder)
    assert report.ok, report.summary()


def write_film(path: Path, order: Sequence[int]) -> None:
    """At two frames a second, all of which are looked at."""
    each = round(SHOWN_S * 2)

    def draw(index: int, width: int, height: int) -> UInt8:
        return np.full((height, width, 3), COLOURS[order[index // each]], np.uint8)

    path.parent.mkdir(exist_ok=True)
    times = constant_rate(2, SHOWN_S * len(order))
    write_clip(path, Clip(times, draw=draw, width=32, height=32))


def subtitles(sentences: Sequence[str]) -> str:
    """One for each colour shown."""
    return "\n".join(
        f"{i + 1}\n{_clock(i * SHOWN_S + 1)} --> {_clock(i * SHOWN_S + 8)}\n{sentence}\n"
        for i, sentence in enumerate(sentences)
    )


def _clock(seconds: float) -> str:
    return f"00:{int(seconds) // 60:02}:{int(seconds) % 60:02},000"
