"""Checkpoints of tiny students, and a library of made-up videos that they see and hear."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from safetensors.torch import load_file, save_file

from indexer import nightly
from indexer.assembly import make_shard
from indexer.hashing import content_hash
from indexer.media.reader import VideoInfo
from indexer.store.config import add_roots
from indexer.store.records import FileRecord
from indexer.store.shards import write_shard
from indexer.store.writer import open_for_writing
from model.checkpoint import Checkpoint, write_manifest
from model.encoder import Float32, UInt8
from model.training.student import Student
from tests.tiny_student import DIM, FEATURES, SUBJECTS, tiny_student

WEIGHTS = "tiny.safetensors"
SENTENCE_S = 9.0


class TinyEncoder:
    """The `Encoder` of a tiny checkpoint. It has no eyes: nothing may be decoded."""

    dim = DIM
    feature_dim = FEATURES
    frame_size = 16
    feature_fingerprint = "no eyes"

    def __init__(self, folder: Path) -> None:
        checkpoint = Checkpoint.open(folder)
        self.fingerprint = checkpoint.fingerprint
        self._student = load_tiny(checkpoint)

    def frame_features(self, frames: UInt8) -> Float32:
        raise AssertionError("a frame was read")

    def encode_clips(self, clips: Sequence[Float32]) -> Float32:
        return self._student.encode_clips(clips)

    def encode_frames(self, frames: UInt8) -> Float32:
        return self.encode_clips(list(self.frame_features(frames)[:, None, :]))

    def encode_text(self, texts: Sequence[str]) -> Float32:
        return self._student.encode_text(texts)


def open_tiny(folder: Path, device: str = "cpu") -> TinyEncoder:
    return TinyEncoder(folder)


def load_tiny(checkpoint: Checkpoint) -> Student:
    student = tiny_student()
    student.net.load_state_dict(load_file(checkpoint.folder / WEIGHTS))
    return student


def save_tiny(student: Student, folder: Path, *, base: Checkpoint | None = None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    state = {
        name: tensor.detach().cpu().clone() for name, tensor in student.net.state_dict().items()
    }
    save_file(state, folder / WEIGHTS)
    write_manifest(folder, {"encoder": "tiny"})


def make_library(root: Path, folder: Path, encoder: TinyEncoder, videos: int = 20) -> None:
    """Videos of three subjects each, 72 s long, with subtitles that name what is shown.

    The files hold no video, only what makes them known: the tokens are put where decoding would
    have put them.
    """
    folder.mkdir(parents=True)
    draw = np.random.default_rng(0)
    casts = list(combinations(range(len(SUBJECTS)), 3))
    with open_for_writing(root) as library:
        add_roots(library.paths.config, [folder])
        for number in range(videos):
            order = draw.permutation(np.repeat(casts[number % len(casts)], 3))[:8]
            path = folder / f"video{number:02}.mp4"
            path.write_bytes(f"video {number}".encode())
            path.with_suffix(".srt").write_text(subtitles(order))
            tokens = draw.random((48, FEATURES)) * 0.6
            tokens[np.arange(48), np.repeat(order, 6)] += 2.0
            content, status = content_hash(path), path.stat()
            info = VideoInfo(72.0, 64, 48, 25.0, "h264", "mp4", 144)
            shard = make_shard(encoder, content, status.st_size, info, tokens.astype(np.float16))
            write_shard(library.paths.shard(encoder.fingerprint, content), shard)
            record = FileRecord(str(path), status.st_size, status.st_mtime_ns, content, None, None)
            library.catalog.add_shard(shard, [record])
    assert nightly.rebuild(root, encoder).ok


def subtitles(order: Sequence[int]) -> str:
    """A sentence of 7 s in each 9 s."""
    return "\n".join(
        f"{i + 1}\n{_clock(i * SENTENCE_S + 1)} --> {_clock(i * SENTENCE_S + 8)}\n"
        f"Here is {SUBJECTS[subject]}.\n"
        for i, subject in enumerate(order)
    )


def _clock(seconds: float) -> str:
    return f"00:{int(seconds) // 60:02}:{int(seconds) % 60:02},000"
