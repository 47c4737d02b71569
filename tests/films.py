"""Made-up films that can be cut and edited without a codec, and their fingerprints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from indexer.media.fingerprint import Fingerprinter, decode
from indexer.media.reader import open_video

Picture = NDArray[np.uint8]
Film = Callable[[float], Picture]
"""Seconds to what is on screen, (96, 96, 3)."""

SIDE = 96
_SHOT_S = 4.0


def film(seed: int, shot_s: float = _SHOT_S) -> Film:
    """Endless: in each shot something bright goes through another scene."""

    def at(time_s: float) -> Picture:
        rng = np.random.default_rng([seed, int(time_s / shot_s)])
        scene = rng.uniform(20, 235, (7, 7, 3)).astype(np.float32)
        picture = cv2.resize(scene, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC).clip(0, 255)
        start, step = rng.uniform(20, 76, 2), rng.uniform(-9, 9, 2)
        x, y = (start + step * (time_s % shot_s)).astype(int)
        cv2.circle(picture, (int(x), int(y)), 14, (250, 250, 240), -1)
        return picture.astype(np.uint8)

    return at


def joined(*parts: tuple[Film, float]) -> Film:
    """Each film for so many seconds, one after the other; the last goes on."""

    def at(time_s: float) -> Picture:
        for part, seconds in parts[:-1]:
            if time_s < seconds:
                return part(time_s)
            time_s -= seconds
        return parts[-1][0](time_s)

    return at


def still(picture: Picture) -> Film:
    """The same picture for ever, with noise of the camera."""

    def at(time_s: float) -> Picture:
        noise = np.random.default_rng(int(time_s * 10)).integers(-4, 5, picture.shape)
        return np.clip(picture + noise, 0, 255).astype(np.uint8)

    return at


def fingerprint(
    shown: Film,
    seconds: float = 20.0,
    *,
    start_s: float = 0.0,
    speed: float = 1.0,
    edit: Callable[[Picture], Picture] = lambda picture: picture,
) -> NDArray[np.uint8]:
    """Of `seconds` of a copy that begins at `start_s` of the film."""
    watcher = Fingerprinter()
    for time_s in np.arange(0, seconds, 0.5).tolist():
        watcher.add(time_s, edit(shown(start_s + speed * time_s)))
    return decode(watcher.finish(seconds))


def file_fingerprint(path: Path) -> NDArray[np.uint8]:
    """Of a real file."""
    watcher = Fingerprinter()
    with open_video(path, size=240) as reader:
        for frame in reader.frames():
            watcher.add(frame.time_s, frame.image)
        return decode(watcher.finish(reader.info().duration_s))
