"""Films joined from clips of one shot each, so that every change of shot is known exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from pathlib import Path
from random import Random

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from benchmarks.shot_sources import Reference

Picture = NDArray[np.uint8]
_PARTS = 8
_PAN_S = 1.5
_FLASH_S = 0.12
_PUNCH_S = 2.4


@dataclass(frozen=True)
class Recipe:
    """How a film is encoded, and how its parts are joined."""

    name: str
    codec: str = "libx264"
    width: int = 480
    height: int = 270
    rate: int = 25
    options: dict[str, str] = field(default_factory=lambda: {"preset": "veryfast"})
    join: str = "cut"
    """cut, dissolve or fade (through black)."""
    join_s: float = 0.0


_X265 = {"preset": "ultrafast", "x265-params": "log-level=error"}
_FIXED = {"preset": "veryfast", "sc_threshold": "0", "g": "48", "keyint_min": "48"}
CUT_RECIPES = (
    Recipe("x264.mp4"),
    Recipe("x264-medium.mkv", width=640, height=360, rate=30, options={"preset": "medium"}),
    Recipe("x264-fixed-keys.mp4", rate=24, options=_FIXED),
    Recipe("x264-no-reordering.mp4", rate=30, options={**_FIXED, "bf": "0", "g": "250"}),
    Recipe("x264-60.mp4", width=320, height=240, rate=60),
    Recipe("x265.mp4", "libx265", 320, 180, 24, _X265),
    Recipe("vp9.webm", "libvpx-vp9", 320, 180, 25, {"deadline": "realtime", "cpu-used": "8"}),
    Recipe("mpeg4.avi", "mpeg4", 320, 240, 15, {"b": "600k"}),
    Recipe("x264.ts", rate=25),
)
SOFT_RECIPES = (
    Recipe("dissolve-half.mp4", join="dissolve", join_s=0.5),
    Recipe("dissolve-one.mp4", join="dissolve", join_s=1.0),
    Recipe("fade.mp4", join="fade", join_s=1.0),
)


class FilmLab:
    """Makes films of `clips` in `folder`; the same seed makes the same films."""

    def __init__(self, clips: list[Path], folder: Path, seed: int) -> None:
        self._clips = clips
        self._folder = folder
        self._random = Random(seed)

    def joined(self, recipe: Recipe) -> Reference:
        """Parts of 1.2 to 5 s, none beside another of the same clip."""
        changes, shots, at_s = [], [], 0.0
        for clip in self._random.sample(self._clips, _PARTS):
            shots.append(self._shot(clip, recipe))
            at_s += len(shots[-1]) / recipe.rate
            changes.append((at_s, at_s))
        pictures = shots[0]
        for shot in shots[1:]:
            pictures = _JOINS[recipe.join](pictures, shot, round(recipe.join_s * recipe.rate))
        if recipe.join != "cut":
            changes = _soft_changes(shots, recipe)
        return Reference(self._write(recipe, pictures), tuple(changes[: _PARTS - 1]))

    def panned(self, clip: Path) -> Reference:
        """One shot in which the camera swings over the picture and back, all the time."""
        recipe = Recipe(f"pan-{clip.stem}.mp4", width=320, height=240)
        wide = list(squashed(clip, 4 * recipe.width, 2 * recipe.height, recipe.rate))
        return Reference(self._write(recipe, [_window(x, i, recipe) for i, x in enumerate(wide)]))

    def punched(self, clip: Path) -> Reference:
        """One place, cut every 2.4 s from the whole picture to its middle, or back."""
        recipe = Recipe(f"punch-{clip.stem}.mp4", width=320, height=240)
        pictures = list(squashed(clip, 2 * recipe.width, 2 * recipe.height, recipe.rate))
        length = round(_PUNCH_S * recipe.rate)
        shown = [
            _middle(picture) if index // length % 2 else np.ascontiguousarray(picture[::2, ::2])
            for index, picture in enumerate(pictures)
        ]
        changes = [first / recipe.rate for first in range(length, len(shown), length)]
        path = self._write(recipe, shown)
        return Reference(path, tuple((time_s, time_s) for time_s in changes))

    def flashed(self, clip: Path) -> Reference:
        """One shot with a flash of 0.12 s every 2 s, on the half seconds."""
        recipe = Recipe(f"flash-{clip.stem}.mp4", width=320, height=240)
        pictures = list(squashed(clip, recipe.width, recipe.height, recipe.rate))
        for first in range(recipe.rate, len(pictures), 2 * recipe.rate):
            for i in range(first, min(first + round(_FLASH_S * recipe.rate), len(pictures))):
                pictures[i] = (pictures[i] // 8 + 220).astype(np.uint8)
        return Reference(self._write(recipe, pictures))

    def _shot(self, clip: Path, recipe: Recipe) -> list[Picture]:
        shortest = round((1.2 + 2 * recipe.join_s) * recipe.rate)
        wanted = self._random.randint(shortest, 5 * recipe.rate)
        skipped = self._random.randint(0, recipe.rate)
        pictures = squashed(clip, recipe.width, recipe.height, recipe.rate)
        return list(islice(pictures, skipped, skipped + wanted))

    def _write(self, recipe: Recipe, pictures: list[Picture]) -> Path:
        path = self._folder / recipe.name
        with av.open(str(path), "w") as container:
            stream = container.add_stream(recipe.codec, recipe.rate, options=recipe.options)
            assert isinstance(stream, VideoStream)
            stream.width, stream.height, stream.pix_fmt = recipe.width, recipe.height, "yuv420p"
            stream.codec_context.time_base = Fraction(1, recipe.rate)
            for index, picture in enumerate(pictures):
                frame = VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts, frame.time_base = index, Fraction(1, recipe.rate)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path


def squashed(clip: Path, width: int, height: int, rate: int) -> Iterator[Picture]:
    """The clip squashed to width x height, at `rate` pictures a second."""
    squasher, count = VideoReformatter(), 0
    with av.open(str(clip)) as container:
        container.streams.video[0].thread_type = "AUTO"
        start_s = None
        for frame in container.decode(video=0):
            time_s = float(frame.time or 0.0)
            start_s = time_s if start_s is None else start_s
            due = int((time_s - start_s) * rate) + 1 - count
            if due > 0:
                small = squasher.reformat(frame, width=width, height=height, format="rgb24")
                yield from [small.to_ndarray().astype(np.uint8, copy=False)] * due
                count += due


def _cut(a: list[Picture], b: list[Picture], count: int) -> list[Picture]:
    return a + b


def _dissolve(a: list[Picture], b: list[Picture], count: int) -> list[Picture]:
    mixed = [
        _mix(x, y, (i + 1) / (count + 1))
        for i, (x, y) in enumerate(zip(a[-count:], b, strict=False))
    ]
    return a[:-count] + mixed + b[count:]


def _fade(a: list[Picture], b: list[Picture], count: int) -> list[Picture]:
    half = count // 2
    out = [_mix(x, np.zeros_like(x), (i + 1) / half) for i, x in enumerate(a[-half:])]
    into = [_mix(np.zeros_like(x), x, (i + 1) / half) for i, x in enumerate(b[:half])]
    return a[:-half] + out + into + b[half:]


_JOINS = {"cut": _cut, "dissolve": _dissolve, "fade": _fade}


def _soft_changes(shots: list[list[Picture]], recipe: Recipe) -> list[tuple[float, float]]:
    """Where each dissolve or fade begins and ends."""
    count = round(recipe.join_s * recipe.rate)
    overlap, before = (count, count) if recipe.join == "dissolve" else (0, count // 2)
    changes, end = [], 0
    for shot in shots:
        end += len(shot)
        changes.append(((end - before) / recipe.rate, (end - before + count) / recipe.rate))
        end -= overlap
    return changes


def _mix(x: Picture, y: Picture, share: float) -> Picture:
    mixed: Picture = (x * (1 - share) + y * share).astype(np.uint8)
    return mixed


def _middle(picture: Picture) -> Picture:
    """The middle half of each side, as large as every second pixel of the whole."""
    top, left = picture.shape[0] // 4, picture.shape[1] // 4
    return np.ascontiguousarray(picture[top:-top, left:-left])


def _window(wide: Picture, index: int, recipe: Recipe) -> Picture:
    phase = abs((index / recipe.rate / _PAN_S + 1) % 2 - 1)
    left = round(phase * (wide.shape[1] - 2 * recipe.width))
    return np.ascontiguousarray(wide[::2, left : left + 2 * recipe.width : 2])
