"""What the study compares is made of: features of pictures and of the captioned videos' tokens."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.media.reader import open_video
from indexer.segments import clip_bounds, tokenize
from model.captions import CaptionedPictures
from model.checkpoint import PRETRAINED
from model.encoder import Float32, UInt8

if TYPE_CHECKING:
    from model.efficientnet import EfficientNetLite

VARIANTS = ("lite0", "lite1", "lite2")
PARTS = ("pooled", "stages", "grid")
FRAME_SIZE = 260


@dataclass(frozen=True)
class Views:
    """One CNN's view of the pictures and of the clips, by part of the network.

    `pictures` {part: (N, F)}, `clips` {part: (C, F)} means over each clip's tokens.
    """

    pictures: dict[str, Float32]
    clips: dict[str, Float32]
    frames_per_s: float


@dataclass(frozen=True)
class StudyData:
    """Captioned pictures to fit on and to test on, and captioned videos."""

    data: Path

    @cached_property
    def pictures(self) -> CaptionedPictures:
        return CaptionedPictures.read(self.data / "captioned_images" / "captions.csv")

    @cached_property
    def is_test(self) -> NDArray[np.bool_]:
        """(N,) which pictures are of Flickr8k's test split."""
        apart = set((PRETRAINED / "held_out.txt").read_text("utf-8").split())
        return np.array([path.name in apart for path in self.pictures.paths])

    @cached_property
    def videos(self) -> list[tuple[Path, str]]:
        """Path and caption of each video."""
        folder = self.data / "captioned_videos"
        with (folder / "captions.csv").open(encoding="utf-8", newline="") as file:
            return [(folder / row["video"], row["caption"]) for row in csv.DictReader(file)]

    @cached_property
    def owners(self) -> list[int]:
        """Which video each clip is of."""
        return [i for i, count in enumerate(self._clip_counts) for _ in range(count)]

    @cached_property
    def _clip_counts(self) -> list[int]:
        return [len(clip_bounds(tokens)) for tokens in self._token_counts]

    @cached_property
    def _token_counts(self) -> list[int]:
        one = [np.zeros((len(f.images), 1), np.float32) for f in self._frames]
        return [
            len(tokenize(x, f.times_s, f.duration_s))
            for x, f in zip(one, self._frames, strict=True)
        ]

    @cached_property
    def _frames(self) -> list[_Frames]:
        return [_read(path) for path, _ in self.videos]

    def views(self, variant: str, cache: Path) -> Views:
        """Features by one EfficientNet-Lite in float32; kept in `cache` between runs."""
        path = cache / f"{variant}.npz"
        if not path.exists():
            cache.mkdir(parents=True, exist_ok=True)
            np.savez(path, **self._extract(variant))
        with np.load(path) as kept:
            arrays = {name: kept[name].astype(np.float32) for name in kept.files}
        return Views(
            {part: arrays[f"pictures_{part}"] for part in PARTS},
            {part: arrays[f"clips_{part}"] for part in PARTS},
            float(arrays["frames_per_s"]),
        )

    def _extract(self, variant: str) -> dict[str, Any]:
        from benchmarks.timing import wall_s
        from model.lite import folded_lite

        net, _ = folded_lite(variant)
        per_video = [_see(net, [frames.images]) for frames in self._frames]
        sample = self._frames[0].images[:16]
        made: dict[str, Any] = {"frames_per_s": len(sample) / wall_s(lambda: _see(net, [sample]))}
        seen = _see(net, self.pictures.batches())
        for i, part in enumerate(PARTS):
            clips = [_clips(x[i], f) for x, f in zip(per_video, self._frames, strict=True)]
            made[f"clips_{part}"] = np.concatenate(clips).astype(np.float16)
            made[f"pictures_{part}"] = seen[i].astype(np.float16)
        return made


@dataclass(frozen=True)
class _Frames:
    images: UInt8
    times_s: NDArray[np.float64]
    duration_s: float


def _read(path: Path) -> _Frames:
    with open_video(path, size=FRAME_SIZE) as reader:
        frames = list(reader.frames())
        images = np.stack([frame.image for frame in frames])
        times = np.array([frame.time_s for frame in frames], np.float64)
        return _Frames(images, times, reader.info().duration_s)


def _clips(features: Float32, frames: _Frames) -> Float32:
    """(C, F): the mean over each clip's tokens."""
    tokens = tokenize(features, frames.times_s, frames.duration_s)
    return np.stack([tokens[start:end].mean(0) for start, end in clip_bounds(len(tokens))])


def _see(net: EfficientNetLite, batches: Iterable[UInt8]) -> list[Float32]:
    """Each of PARTS, (N, F) float32."""
    rows = [_see_batch(net, part) for batch in batches for part in _pieces(batch)]
    return [np.concatenate(column) for column in zip(*rows, strict=True)]


def _pieces(batch: UInt8, size: int = 16) -> Iterator[UInt8]:
    for start in range(0, len(batch), size):
        yield batch[start : start + size]


def _see_batch(net: EfficientNetLite, frames: UInt8) -> list[Float32]:
    import cv2
    import torch
    from torch.nn import functional as F

    from model.efficientnet import preprocess

    side = net.image_size
    resized = np.stack([cv2.resize(f, (side, side), interpolation=cv2.INTER_AREA) for f in frames])
    with torch.inference_mode():
        grid, stages = net.grid(preprocess(torch.from_numpy(resized)))
        quarters = F.adaptive_avg_pool2d(grid, 2).flatten(1)
        return [t.numpy() for t in (grid.mean((2, 3)), stages, quarters)]
